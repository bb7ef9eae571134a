// SPDX-License-Identifier: GPL-3.0-or-later
// A quantity over the tests: a mark for each, the mean with its interval, what stands apart.
import { type Recording, type Series, type SummaryRow, float64, int32, rowOf } from "./data";
import { type Child, el, svg, tableBehind } from "./dom";
import { amount, halfWidth, numberCell, scaleFor } from "./format";

export const [kWidth, kHeight] = [340, 160];
export const [kLeft, kRight, kTop, kBottom] = [54, 8, 20, 22];
export const kMostMarks = 300; // beyond, several tests are one bar from their least to their most

export interface Whiskers {
  tests: Int32Array;
  values: Float64Array; // half-widths
}

interface Drawing {
  tests: Int32Array;
  values: Float64Array;
  unit: string;
  odd: Set<number>;
  row: SummaryRow | undefined;
  whiskers?: Whiskers | undefined;
}

// Three to six round numbers within [low, high].
function ticks(low: number, high: number): number[] {
  const power = 10 ** Math.floor(Math.log10(high - low));
  const within = (step: number): number => Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  const step = [2, 1, 0.5, 0.2].map((n) => n * power).find((one) => within(one) >= 3) ?? 0.2 * power;
  return Array.from({ length: Math.min(7, within(step)) }, (_, i) => (Math.ceil(low / step - 1e-9) + i) * step);
}

function extent(drawing: Drawing): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  const take = (value: number | null | undefined): void => {
    if (value === null || value === undefined || !Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  drawing.values.forEach((value, i) => {
    const half = drawing.whiskers?.values[i] ?? 0;
    take(value - half);
    take(value + half);
  });
  take(drawing.row?.ci95_low);
  take(drawing.row?.ci95_high);
  return withRoom(low, high);
}

// What an axis holds so that [low, high] stands clear of its ends.
export function withRoom(low: number, high: number): [number, number] {
  if (low > high || (low === 0 && high === 0)) return [0, 1];
  const room = Math.max((high - low) * 0.08, Math.max(Math.abs(low), Math.abs(high)) * 0.002);
  return [low < 0 ? low - room : Math.max(0, low - room), high + room];
}

function tickText(value: number, step: number, factor: number): string {
  const places = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step / factor) - 1e-9)));
  return (value / factor).toFixed(places);
}

export function yAxis(low: number, high: number, unit: string, y: (value: number) => number): SVGElement {
  const at = ticks(low, high);
  const scale = scaleFor(Math.max(Math.abs(low), Math.abs(high)), unit);
  const step = at.length > 1 ? at[1]! - at[0]! : high - low;
  const axis = svg("g", { class: "axis" });
  for (const value of at) {
    axis.append(svg("line", { x1: kLeft, x2: kWidth - kRight, y1: y(value), y2: y(value) }));
    axis.append(svg("text", { x: kLeft - 6, y: y(value) + 4, "text-anchor": "end" }, tickText(value, step, scale.factor)));
  }
  if (scale.unit.length <= 8) axis.append(svg("text", { x: kLeft - 6, y: 8, "text-anchor": "end", class: "unit" }, scale.unit));
  return axis;
}

function xAxis(first: number, last: number, x: (test: number) => number): SVGElement {
  const axis = svg("g", { class: "axis" });
  const text = (test: number): SVGElement => {
    const long = String(test).length > 2 && test === last;
    return svg("text", { x: long ? kWidth - kRight : x(test), y: kHeight - 6, "text-anchor": long ? "end" : "middle" }, String(test));
  };
  if (first === last) return svg("g", { class: "axis" }, svg("text", { x: x(first), y: kHeight - 6, "text-anchor": "middle" }, `test ${first}`));
  axis.append(svg("text", { x: (kLeft + kWidth) / 2, y: kHeight - 6, "text-anchor": "middle" }, "test"), text(first), text(last));
  return axis;
}

function mean(row: SummaryRow | undefined, y: (value: number) => number): SVGElement {
  const group = svg("g");
  if (!row || row.mean === null) return group;
  if (row.ci95_low !== null && row.ci95_high !== null) {
    const [top, bottom] = [y(row.ci95_high), y(row.ci95_low)];
    group.append(svg("rect", { class: "ci", x: kLeft, width: kWidth - kLeft - kRight, y: top, height: Math.max(1, bottom - top) }));
  }
  group.append(svg("line", { class: "mean", x1: kLeft, x2: kWidth - kRight, y1: y(row.mean), y2: y(row.mean) }));
  return group;
}

function marks(drawing: Drawing, x: (test: number) => number, y: (value: number) => number): SVGElement {
  const group = svg("g");
  drawing.values.forEach((value, i) => {
    const test = drawing.tests[i]!;
    const title = svg("title", {}, `test ${test}: ${amount(value, drawing.unit, 6)}`);
    const half = drawing.whiskers?.values[i];
    if (half) group.append(svg("line", { class: "whisker", x1: x(test), x2: x(test), y1: y(value - half), y2: y(value + half) }));
    if (drawing.odd.has(test)) {
      const [cx, cy] = [x(test), y(value)];
      group.append(svg("path", { class: "odd", d: `M${cx} ${cy - 6}l6 6l-6 6l-6 -6z` }, title));
      group.append(svg("text", { class: "oddlabel", x: cx + 8, y: cy + 4 }, String(test)));
    } else {
      group.append(svg("circle", { class: "dot", cx: x(test), cy: y(value), r: 3.2 }, title));
    }
  });
  return group;
}

// Least to most of as many tests as share a mark.
function bars(drawing: Drawing, x: (test: number) => number, y: (value: number) => number): SVGElement {
  const group = svg("g");
  const each = Math.ceil(drawing.values.length / kMostMarks);
  for (let i = 0; i < drawing.values.length; i += each) {
    const some = drawing.values.subarray(i, i + each);
    const at = x(drawing.tests[Math.min(i + (each >> 1), drawing.tests.length - 1)]!);
    const [low, high] = [Math.min(...some), Math.max(...some)];
    group.append(svg("line", { class: "bar", x1: at, x2: at, y1: y(low) + 1, y2: y(high) - 1 }));
  }
  return group;
}

function picture(drawing: Drawing, label: string): SVGElement {
  const [low, high] = extent(drawing);
  const [first, last] = [drawing.tests[0]!, drawing.tests[drawing.tests.length - 1]!];
  const inner = kWidth - kLeft - kRight - 16;
  const x = (test: number): number =>
    kLeft + 8 + (first === last ? inner / 2 : ((test - first) / (last - first)) * inner);
  const y = (value: number): number => kTop + ((high - value) / (high - low)) * (kHeight - kTop - kBottom);
  return svg(
    "svg",
    { viewBox: `0 0 ${kWidth} ${kHeight}`, role: "img", "aria-label": label },
    yAxis(low, high, drawing.unit, y),
    xAxis(first, last, x),
    mean(drawing.row, y),
    drawing.values.length > kMostMarks ? bars(drawing, x, y) : marks(drawing, x, y),
  );
}

// "likely cause: ..." of a test, out of the sentences of the analysis.
function causesOf(recording: Recording, tests: number[]): Child[] {
  const all: Child[] = [];
  for (const test of tests) {
    const sentence = recording.odd.find((one) => one.startsWith(`test ${test} stands apart`));
    const cause = sentence?.slice(sentence.lastIndexOf("; ") + 2);
    all.push(el("p", { class: "note" }, `◆ test ${test} stands apart${cause ? `: ${cause}` : ""}`));
  }
  return all;
}

const kCausesShown = 4;

export function dotsCard(recording: Recording, series: Series, title: string, whiskers?: Series): HTMLElement {
  const row = rowOf(recording, series.quantity);
  const drawing: Drawing = {
    tests: int32(series.tests),
    values: float64(series.values),
    unit: series.unit,
    odd: new Set(series.odd),
    row,
    whiskers: whiskers && { tests: int32(whiskers.tests), values: float64(whiskers.values) },
  };
  const value = row && row.mean !== null ? numberCell(row.mean, series.unit, "mean") : "no value";
  const width = row ? halfWidth(row.ci95_low, row.ci95_high, row.mean) : "";
  const caption = el("figcaption", {}, el("strong", {}, title), el("span", { class: "value" }, value, " ", el("small", {}, width)));
  const label = `${title} over ${drawing.tests.length} tests; the table below has its numbers`;
  const columns = [
    { title: "test", cell: (i: number) => String(drawing.tests[i]), number: true },
    { title: series.unit ? `value (${series.unit})` : "value", cell: (i: number) => numberCell(drawing.values[i], series.unit, "value"), number: true },
  ];
  if (drawing.whiskers)
    columns.push({ title: "± (95 %)", cell: (i: number) => numberCell(drawing.whiskers!.values[i], series.unit, "uncertainty"), number: true });
  return el(
    "figure",
    { class: "card", "data-quantity": series.quantity },
    caption,
    picture(drawing, label),
    series.remark && series.remark !== title ? el("p", { class: "note" }, series.remark) : null,
    row?.reason ? el("p", { class: "note" }, row.reason) : null,
    ...causesOf(recording, series.odd.slice(0, kCausesShown)),
    series.odd.length > kCausesShown ? el("p", { class: "note" }, `and ${series.odd.length - kCausesShown} more tests`) : null,
    tableBehind(title, columns, Array.from(drawing.tests.keys())),
  );
}
