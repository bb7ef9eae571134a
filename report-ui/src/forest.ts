// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison: each ratio with its interval, and the verdict.
import type { ClockPart, Comparison, ComparisonRow } from "./data";
import { type Child, el, section, svg, table } from "./dom";
import { amount, narrow, numberCell } from "./format";

const kWidth = 200;
const kWords: Record<string, string> = {
  "cannot-tell": "cannot tell",
  "not-comparable": "not comparable",
};
const kBasis: Record<string, string> = {
  "one-session":
    "Of two recordings what differs is the recordings, whatever did it: code, machine or time of day. Three recordings or more a side tell of the code.",
  sessions: "The means of recordings are compared.",
  interleaved: "Tests that ran in turn are compared pair by pair.",
};

const drawable = (row: ComparisonRow): boolean =>
  row.ratio !== null && row.ratio > 0 && row.ci95_low !== null && row.ci95_low > 0 && row.ci95_high !== null;

// Half the width of the axis, as a logarithm: of most of the rows, so that one wild interval does not hide the others.
export function reach(rows: ComparisonRow[]): number {
  const far = rows
    .filter(drawable)
    .map((row) => Math.max(Math.abs(Math.log(row.ci95_low!)), Math.abs(Math.log(row.ci95_high!))))
    .sort((a, b) => a - b);
  const most = far[Math.floor((far.length - 1) * 0.9)] ?? 0;
  return Math.min(Math.log(8), Math.max(most * 1.1, Math.log(1.02)));
}

const scale = (limit: number) => (ratio: number): number =>
  kWidth / 2 + (Math.max(-1, Math.min(1, Math.log(ratio) / limit)) * (kWidth - 16)) / 2;

function interval(row: ComparisonRow, limit: number): Element | string {
  if (!drawable(row)) return "";
  const x = scale(limit);
  const [low, high, middle] = [x(row.ci95_low!), x(row.ci95_high!), x(row.ratio!)];
  const label = `ratio ${row.ratio!.toPrecision(4)}, ${row.ci95_low!.toPrecision(4)} to ${row.ci95_high!.toPrecision(4)}`;
  return svg(
    "svg",
    { viewBox: `0 0 ${kWidth} 18`, class: `forest ${row.verdict}`, role: "img", "aria-label": label },
    svg("line", { class: "one", x1: kWidth / 2, x2: kWidth / 2, y1: 0, y2: 18 }),
    svg("line", { class: "span", x1: low, x2: Math.max(high, low + 1), y1: 9, y2: 9 }),
    svg("rect", { class: "point", x: middle - 3.5, y: 5.5, width: 7, height: 7 }),
  );
}

function axis(limit: number): HTMLElement {
  const end = Math.exp(limit);
  const text = (ratio: number): string => ratio.toPrecision(3).replace(/\.?0+$/, "");
  return el("span", { class: "forestaxis" }, el("span", {}, text(1 / end)), el("span", {}, "1"), el("span", {}, text(end)));
}

export interface Heads {
  of: "quantity" | "variant"; // what a row is of
  median: [string, string];
  ratio: string;
}
const kSides: Heads = { of: "quantity", median: ["old median", "new median"], ratio: "new / old" };
const kReference: Heads = { of: "quantity", median: ["its reference", "median"], ratio: "ratio" };

// Of variants of one recording that have a reference, or of old and new.
export const headsOf = (reference: string): Heads => (reference ? kReference : kSides);

// `limit`: half the width of the axis, of reach().
export function rowsTable(rows: ComparisonRow[], caption: string, limit: number, heads: Heads): HTMLElement {
  const drawn = table<ComparisonRow>(
    caption,
    [
      { title: heads.of, cell: (row) => row[heads.of] },
      { title: heads.median[0], cell: (row) => numberCell(row.old_median, narrow(row.unit), "old_median"), number: true },
      { title: heads.median[1], cell: (row) => numberCell(row.new_median, narrow(row.unit), "new_median"), number: true },
      { title: heads.ratio, cell: (row) => numberCell(row.ratio, "", "ratio"), number: true },
      {
        title: "95 %",
        cell: (row) =>
          row.ci95_low === null || row.ci95_high === null
            ? ""
            : el("span", {}, numberCell(row.ci95_low, "", "ci95_low"), " to ", numberCell(row.ci95_high, "", "ci95_high")),
        number: true,
      },
      { title: "1: equal", cell: (row) => interval(row, limit) },
      {
        title: "verdict",
        cell: (row) =>
          el("span", {}, el("span", { class: `verdict ${row.verdict}` }, kWords[row.verdict] ?? row.verdict), row.reason && el("small", { class: "reason" }, row.reason)),
      },
    ],
    rows,
  );
  drawn.classList.add("comparison");
  drawn.querySelectorAll("tbody tr").forEach((line, i) => {
    line.setAttribute("data-quantity", rows[i]!.quantity);
    if (rows[i]!.variant) line.setAttribute("data-variant", rows[i]!.variant);
  });
  drawn.querySelectorAll("thead th")[5]!.append(axis(limit));
  return drawn;
}

function clock(all: Comparison["clock_or_code"]): HTMLElement {
  const signs = ["", "= ", "/ ", "/ "];
  const shown = all.parts.length > 0 && table<ClockPart>(
    "The clock or the code",
    [
      { title: "part", cell: (one) => (signs[all.parts.indexOf(one) % 4] ?? "") + one.name },
      { title: "old median", cell: (one) => numberCell(one.old_median, one.unit, "old_median"), number: true },
      { title: "new median", cell: (one) => numberCell(one.new_median, one.unit, "new_median"), number: true },
      { title: "new / old", cell: (one) => numberCell(one.ratio, "", "ratio"), number: true },
      { title: "95 % from", cell: (one) => numberCell(one.ci95_low, "", "ci95_low"), number: true },
      { title: "to", cell: (one) => numberCell(one.ci95_high, "", "ci95_high"), number: true },
    ],
    all.parts,
  );
  return el(
    "div",
    { class: "clock" },
    el("h3", {}, "The clock or the code"),
    shown,
    all.reason && el("p", { class: "note" }, `Not known: ${all.reason}.`),
    all.conclusion && el("p", {}, `Elapsed: ${all.conclusion}.`),
    all.machine.length > 0 && el("p", { class: "note" }, `The machine: ${all.machine.join("; ")}.`),
  );
}

// What a comparison holds, under its heading.
export function comparisonParts(all: Comparison, sides: string, heads: Heads): Child[] {
  const rows = all.rows.filter((row) => row.verdict !== "not-comparable");
  const others = all.rows.filter((row) => row.verdict === "not-comparable");
  return [
    el("p", { class: "lead" }, all.verdict),
    el("p", { class: "note" }, `Basis ${all.basis}. ${sides}${all.stop_rule ? ` Ended by ${all.stop_rule}.` : ""}`),
    all.by_chance > 0 &&
      el("p", { class: "note" }, `${all.by_chance} rows with p below 5 % are not claimed: so many of ${amount(all.rows.length, "")} do that by chance.`),
    rows.length > 0 && rowsTable(rows, "Each quantity with its ratio", reach(rows), heads),
    clock(all.clock_or_code),
    all.differences.length > 0 &&
      el(
        "div",
        {},
        el("h3", {}, "Not the same on both sides"),
        table("What differs between the sides", [
          { title: "what", cell: (one) => one.key },
          { title: "old", cell: (one) => one.old || "(none)" },
          { title: "new", cell: (one) => one.new || "(none)" },
        ], all.differences),
      ),
    others.length > 0 &&
      el(
        "details",
        {},
        el("summary", {}, `${others.length} not comparable, and why`),
        table("Not comparable", [
          { title: "quantity", cell: (row) => row.quantity },
          { title: "why", cell: (row) => row.reason },
        ], others),
      ),
  ];
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

export function sidesOf(all: Comparison): string {
  const side = (one: Comparison["old"]): string => `${count(one.recordings, "recording")}, ${count(one.tests, "test")}`;
  return `${kBasis[all.basis] ?? ""} Old: ${side(all.old)}; new: ${side(all.new)}.`;
}

export const comparison = (all: Comparison, id: string): HTMLElement | null =>
  section(id, "New against old", ...comparisonParts(all, sidesOf(all), kSides));
