// SPDX-License-Identifier: GPL-3.0-or-later
// Elements made of text, never of markup.

export type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  for (const child of children) if (child) element.append(child);
}

export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  fill(element, attributes, children);
  return element;
}

export function svg(name: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(element, attributes, children);
  return element;
}

export function button(text: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = el("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", press);
  return made;
}

let sections = 0;

// A part of the page with a heading; nothing where it has no content.
export function section(id: string, title: string, ...children: Child[]): HTMLElement | null {
  if (!children.some(Boolean)) return null;
  const heading = `h-${id}-${++sections}`;
  return el("section", { id, "aria-labelledby": heading }, el("h2", { id: heading }, title), ...children);
}

export interface Column<Row> {
  title: string;
  cell: (row: Row) => Child;
  number?: boolean;
}

// A table that scrolls sideways where it is too wide.
export function table<Row>(caption: string, columns: Column<Row>[], rows: Row[]): HTMLElement {
  const head = el("tr", {}, ...columns.map((one, i) => el("th", { scope: "col", class: one.number && i > 0 && "n" }, one.title)));
  const body = el("tbody");
  for (const row of rows) {
    const cells = columns.map((one, i) =>
      i === 0
        ? el("th", { scope: "row" }, one.cell(row))
        : el("td", { class: one.number && "n" }, one.cell(row)),
    );
    body.append(el("tr", {}, ...cells));
  }
  const whole = el("table", {}, el("caption", { class: "unseen" }, caption), el("thead", {}, head), body);
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, whole);
}

const kMostRows = 2000;

// The table behind a picture, made when it is opened.
export function tableBehind<Row>(caption: string, columns: Column<Row>[], rows: Row[]): HTMLElement {
  const details = el("details", { class: "behind" }, el("summary", {}, "As a table"));
  details.addEventListener(
    "toggle",
    () => {
      details.append(table(caption, columns, rows.slice(0, kMostRows)));
      if (rows.length > kMostRows)
        details.append(el("p", { class: "note" }, `The first ${kMostRows} of ${rows.length}; perfwatt export has all.`));
    },
    { once: true },
  );
  return details;
}

export async function copy(text: string, from: HTMLButtonElement): Promise<void> {
  const said = from.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  from.textContent = "Copied";
  setTimeout(() => (from.textContent = said), 1500);
}
