// SPDX-License-Identifier: GPL-3.0-or-later
// The table of all quantities; copied, it is the CSV of perfwatt export.
import type { Recording, SummaryRow } from "./data";
import { el } from "./dom";
import { numberCell, scales } from "./format";
import { type Field, sortedTable } from "./sorted";

const kFields: (keyof SummaryRow)[] = [
  "variant", "quantity", "unit", "n", "mean", "ci95_low", "ci95_high", "median", "min", "max", "stddev", "cv",
  "outliers", "status", "reason",
];
const kNumbers = new Set<keyof SummaryRow>(["n", "mean", "ci95_low", "ci95_high", "median", "min", "max", "stddev", "cv", "outliers"]);
const kPlain = new Set<keyof SummaryRow>(["n", "cv", "outliers"]); // without the row's unit
const kTitles: Partial<Record<keyof SummaryRow, string>> = {
  ci95_low: "95 % from", ci95_high: "to", stddev: "deviation", min: "least", max: "most",
};

function cell(row: SummaryRow, field: keyof SummaryRow): HTMLElement {
  if (field === "quantity") return el("th", { scope: "row" }, row.quantity);
  if (kNumbers.has(field)) {
    const unit = kPlain.has(field) || !scales(row.unit) ? "" : row.unit;
    return el("td", { class: "n" }, numberCell(row[field] as number | null, unit, field));
  }
  const kind = field === "status" && row.status !== "ok" ? "warn" : field === "reason" ? "reason" : null;
  return el("td", { class: kind }, String(row[field]));
}

export function quantities(recording: Recording): HTMLElement {
  const all = recording.summary;
  const fields = kFields.map((field): Field<SummaryRow> => ({
    name: field,
    title: kTitles[field] ?? field,
    value: (row) => row[field],
    cell: (row) => cell(row, field),
    number: kNumbers.has(field),
  }));
  return sortedTable({
    caption: "All quantities",
    filter: "Filter quantities",
    fields: fields.filter((field) => field.name !== "variant" || all.some((row) => row.variant !== "")),
    copied: fields,
    rows: all,
    text: (row) => `${row.quantity} ${row.status} ${row.reason}`,
    marked: (row) => ({ quantity: row.quantity, variant: row.variant }),
  });
}
