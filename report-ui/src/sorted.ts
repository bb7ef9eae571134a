// SPDX-License-Identifier: GPL-3.0-or-later
// A table that is sorted by any column, filtered, and copied as CSV.
import { button, copy, el } from "./dom";
import { csvField } from "./format";

export type Value = number | string | null;

export interface Field<Row> {
  name: string; // of the CSV
  title: string;
  value: (row: Row) => Value;
  cell: (row: Row, sorted: boolean) => HTMLElement; // td or th
  number?: boolean;
  falling?: boolean; // largest first, when it is first asked for
}

export interface Sorted<Row> {
  caption: string;
  filter: string; // what the filter is called
  fields: Field<Row>[];
  copied?: Field<Row>[]; // into the CSV, where that has others
  rows: Row[]; // as they stand until one sorts
  text: (row: Row) => string; // in which the filter looks
  marked?: (row: Row) => Record<string, string>; // data- attributes
  note?: string; // beside how many rows there are
}

const kMostRows = 500;

interface Order<Row> {
  field: Field<Row>;
  down: boolean;
}

function csv<Row>(fields: Field<Row>[], rows: Row[]): string {
  const text = (value: Value): string => csvField(value === null ? "" : String(value));
  const lines = rows.map((row) => fields.map((field) => text(field.value(row))).join(","));
  return [fields.map((field) => csvField(field.name)).join(","), ...lines].join("\n") + "\n";
}

function ordered<Row>(rows: Row[], order: Order<Row> | null): Row[] {
  if (!order) return rows;
  const sign = order.down ? -1 : 1;
  // What has no value stands last, whichever way.
  return [...rows].sort((a, b) => {
    const [one, other] = [order.field.value(a), order.field.value(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (typeof one === "number" ? one - (other as number) : one.localeCompare(other as string));
  });
}

function line<Row>(all: Sorted<Row>, row: Row, sorted: boolean): HTMLElement {
  const marks = Object.entries(all.marked?.(row) ?? {}).map(([name, value]) => [`data-${name}`, value || null]);
  return el("tr", Object.fromEntries(marks), ...all.fields.map((field) => field.cell(row, sorted)));
}

export function sortedTable<Row>(all: Sorted<Row>): HTMLElement {
  let [shown, most] = [all.rows, kMostRows];
  let order: Order<Row> | null = null;
  const body = el("tbody");
  const count = el("span", { class: "note", role: "status" });
  const more = button("Show all", () => ((most = Infinity), draw()), { class: "quiet" });

  const draw = (): void => {
    const rows = ordered(shown, order);
    body.replaceChildren(...rows.slice(0, most).map((row) => line(all, row, order !== null)));
    count.textContent = `${Math.min(most, rows.length)} of ${all.rows.length} rows${all.note ? `, ${all.note}` : ""}`;
    more.hidden = rows.length <= most;
  };

  const heads = all.fields.map((field) => {
    const head = el("th", { scope: "col", class: field.number && "n" });
    const sort = button(field.title, () => {
      order = { field, down: order?.field === field ? !order.down : Boolean(field.falling) };
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      draw();
    }, { class: "sort" });
    head.append(sort);
    return head;
  });

  const filter = el("input", { type: "search", placeholder: "Filter", "aria-label": all.filter });
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    shown = all.rows.filter((row) => all.text(row).toLowerCase().includes(wanted));
    draw();
  });
  const copied = button("Copy as CSV", () => void copy(csv(all.copied ?? all.fields, ordered(shown, order)), copied), { class: "quiet" });
  draw();
  return el(
    "div",
    { class: "sorted" },
    el("div", { class: "tools" }, filter, copied, count, more),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": all.caption },
      el("table", {}, el("caption", { class: "unseen" }, all.caption), el("thead", {}, el("tr", {}, ...heads)), body),
    ),
  );
}
