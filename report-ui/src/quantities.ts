// SPDX-License-Identifier: GPL-3.0-or-later
// The table of all quantities: sorted by any column, filtered, copied as the CSV of perfwatt export.
import type { Recording, SummaryRow } from "./data";
import { button, copy, el } from "./dom";
import { csvField, numberCell, scales } from "./format";

const kFields: (keyof SummaryRow)[] = [
  "variant", "quantity", "unit", "n", "mean", "ci95_low", "ci95_high", "median", "min", "max", "stddev", "cv",
  "outliers", "status", "reason",
];
const kNumbers = new Set<keyof SummaryRow>(["n", "mean", "ci95_low", "ci95_high", "median", "min", "max", "stddev", "cv", "outliers"]);
const kPlain = new Set<keyof SummaryRow>(["n", "cv", "outliers"]); // without the row's unit
const kTitles: Partial<Record<keyof SummaryRow, string>> = {
  ci95_low: "95 % from", ci95_high: "to", stddev: "deviation", min: "least", max: "most",
};
const kMostRows = 500;

function csv(rows: SummaryRow[]): string {
  const lines = rows.map((row) => kFields.map((field) => csvField(row[field] === null ? "" : String(row[field]))).join(","));
  return [kFields.join(","), ...lines].join("\n") + "\n";
}

function ordered(rows: SummaryRow[], field: keyof SummaryRow, down: boolean): SummaryRow[] {
  const sign = down ? -1 : 1;
  // What has no value stands last, whichever way.
  return [...rows].sort((a, b) => {
    const [one, other] = [a[field], b[field]];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (typeof one === "number" ? one - (other as number) : one.localeCompare(other as string));
  });
}

function line(row: SummaryRow, fields: (keyof SummaryRow)[]): HTMLElement {
  const made = el("tr", { "data-quantity": row.quantity, "data-variant": row.variant || null });
  for (const field of fields) {
    if (field === "quantity") made.append(el("th", { scope: "row" }, row.quantity));
    else if (kNumbers.has(field))
      made.append(el("td", { class: "n" }, numberCell(row[field] as number | null, kPlain.has(field) || !scales(row.unit) ? "" : row.unit, field)));
    else made.append(el("td", { class: field === "status" && row.status !== "ok" ? "warn" : field === "reason" ? "reason" : null }, String(row[field])));
  }
  return made;
}

export function quantities(recording: Recording): HTMLElement {
  const all = recording.summary;
  const fields = kFields.filter((field) => field !== "variant" || all.some((row) => row.variant !== ""));
  let [shown, most] = [all, kMostRows];
  let sorted: { field: keyof SummaryRow; down: boolean } | null = null;
  const body = el("tbody");
  const count = el("span", { class: "note", role: "status" });
  const more = button("Show all", () => ((most = Infinity), draw()), { class: "quiet" });

  const draw = (): void => {
    const rows = sorted ? ordered(shown, sorted.field, sorted.down) : shown;
    body.replaceChildren(...rows.slice(0, most).map((row) => line(row, fields)));
    count.textContent = `${Math.min(most, rows.length)} of ${all.length} rows`;
    more.hidden = rows.length <= most;
  };

  const heads = fields.map((field) => {
    const head = el("th", { scope: "col", class: kNumbers.has(field) && "n" });
    const sort = button(kTitles[field] ?? field, () => {
      sorted = { field, down: sorted?.field === field ? !sorted.down : false };
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      draw();
    }, { class: "sort" });
    head.append(sort);
    return head;
  });

  const filter = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter quantities" });
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    shown = all.filter((row) => `${row.quantity} ${row.status} ${row.reason}`.toLowerCase().includes(wanted));
    draw();
  });
  const copied = button("Copy as CSV", () => void copy(csv(sorted ? ordered(shown, sorted.field, sorted.down) : shown), copied), { class: "quiet" });
  draw();
  return el(
    "div",
    { class: "quantities" },
    el("div", { class: "tools" }, filter, copied, count, more),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "All quantities" },
      el("table", {}, el("caption", { class: "unseen" }, "All quantities"), el("thead", {}, el("tr", {}, ...heads)), body),
    ),
  );
}
