// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks by executions: what each took against the median of its execution.
import { type Rank, type RankQuantity, type Ranks, float32, int32, rankName } from "./data";
import { button, el, tableBehind } from "./dom";
import { amount, numberCell } from "./format";
import { colour, onTheme } from "./theme";

const kMostLines = 512; // of the picture; more ranks share one
const kTallest = 18; // px of a line
const kHeight = 512; // px of all, about
const kNodeApart = 12; // px between lines that part nodes
const [kLeastSpan, kMostSpan] = [1.05, 2]; // times the median at which the colour is full

interface Cells {
  quantity: RankQuantity;
  executions: [number, number][]; // test, pass
  value: (rank: number, execution: number) => number; // NaN: none
  ratio: (rank: number, execution: number) => number;
  span: number;
}

function medianOf(values: number[]): number {
  values.sort((a, b) => a - b);
  const half = values.length >> 1;
  return values.length === 0 ? NaN : values.length % 2 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

// From the median, in powers of e; below 0: less.
const farFrom1 = (ratio: number): number => Math.log(Math.max(ratio, 1e-9));

function cellsOf(quantity: RankQuantity, count: number): Cells {
  const [numbers, cells] = [int32(quantity.executions), float32(quantity.cells)];
  const width = numbers.length / 2;
  const value = (rank: number, execution: number): number => cells[rank * width + execution]!;
  const executions: [number, number][] = [];
  const medians: number[] = [];
  for (let i = 0; i < width; ++i) {
    executions.push([numbers[2 * i]!, numbers[2 * i + 1]!]);
    medians.push(medianOf(Array.from({ length: count }, (_, rank) => value(rank, i)).filter((one) => !Number.isNaN(one))));
  }
  const ratio = (rank: number, execution: number): number => (medians[execution]! > 0 ? value(rank, execution) / medians[execution]! : NaN);
  let furthest = 0;
  for (let rank = 0; rank < count; ++rank)
    for (let i = 0; i < width; ++i) {
      const far = Math.abs(farFrom1(ratio(rank, i)));
      if (far > furthest) furthest = far;
    }
  return { quantity, executions, value, ratio, span: Math.min(kMostSpan, Math.max(kLeastSpan, Math.exp(furthest))) };
}

type Colour = [number, number, number];

function rgb(name: string): Colour {
  const text = colour(name);
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) as Colour;
}

// Blue for less, orange for more, which no colour blindness takes for each other; none: null.
function shadeOf(ratio: number, span: number, ends: { less: Colour; middle: Colour; more: Colour }): string | null {
  if (Number.isNaN(ratio)) return null;
  const far = Math.max(-1, Math.min(1, farFrom1(ratio) / Math.log(span)));
  const end = far < 0 ? ends.less : ends.more;
  return `rgb(${ends.middle.map((one, i) => Math.round(one + (end[i]! - one) * Math.abs(far))).join(",")})`;
}

// The ranks of each line of the picture, node by node.
function linesOf(all: Rank[]): Rank[][] {
  const order = [...all].sort((a, b) => a.node - b.node || a.rank - b.rank);
  const shared = Math.ceil(order.length / kMostLines);
  return Array.from({ length: Math.ceil(order.length / shared) }, (_, i) => order.slice(i * shared, (i + 1) * shared));
}

// Of ranks that share a line the one furthest from the median; one without a value before all.
function furthest(cells: Cells, line: Rank[], execution: number): Rank {
  const far = (rank: Rank): number => {
    const ratio = cells.ratio(rank.rank, execution);
    return Number.isNaN(ratio) ? Infinity : Math.abs(farFrom1(ratio));
  };
  return line.reduce((one, other) => (far(other) > far(one) ? other : one));
}

function legend(): { element: HTMLElement; draw: (span: number) => void } {
  const [less, more] = [el("span"), el("span")];
  const draw = (span: number): void => {
    [less.textContent, more.textContent] = [`${(1 / span).toFixed(2)} x or less`, `${span.toFixed(2)} x or more`];
  };
  const element = el("p", { class: "heatkey note" }, less, el("span", { class: "ramp", role: "img", "aria-label": "from less through the median to more" }), more, el("span", { class: "ramp none" }), "no value");
  return { element, draw };
}

export function heatMap(ranks: Ranks, all: Rank[]): HTMLElement | null {
  const shown = ranks.quantities.filter((one) => one.executions !== "");
  if (shown.length === 0 || all.length < 2) return null;
  const lines = linesOf(all);
  const height = Math.max(1, Math.min(kTallest, Math.floor(kHeight / lines.length)));
  const key = legend();
  const canvas = el("canvas", { "aria-hidden": "true" });
  const cursor = el("div", { class: "cursor", hidden: true });
  const map = el("div", { class: "heat", tabindex: 0, role: "application", "aria-label": "Ranks by executions: arrow keys go from cell to cell; the table below has the numbers" }, canvas, cursor);
  const labels = el("div", { class: "heatnodes", "aria-hidden": "true" });
  const axis = el("div", { class: "heataxis", "aria-hidden": "true" });
  const rest = "Point at a cell to read it, or go there with the arrow keys.";
  const reading = el("p", { class: "reading", role: "status" }, rest);
  const behind = el("div");
  const drawn = el("span"); // which of the quantities: paper has no buttons
  const leftOut = el("span");
  const uneven = (one: RankQuantity): number => (one.unit === "s" ? one.imbalance ?? 0 : -1);
  const first = shown.reduce((one, other) => (uneven(other) > uneven(one) ? other : one));
  let cells = cellsOf(first, all.length);
  let at: [number, number] | null = null; // line, execution

  const name = (rank: Rank): string => rankName(ranks, rank);
  const sentence = (line: number, execution: number): string => {
    const group = lines[line]!;
    const rank = furthest(cells, group, execution);
    const [test, pass] = cells.executions[execution]!;
    const [value, ratio] = [cells.value(rank.rank, execution), cells.ratio(rank.rank, execution)];
    const told = Number.isNaN(value) ? `no ${cells.quantity.name}` : `${cells.quantity.name} ${amount(value, cells.quantity.unit)}${Number.isNaN(ratio) ? "" : `, ${ratio.toFixed(2)} x the median`}`;
    const among = group.length > 1 ? `; of ${name(group[0]!)} to ${name(group[group.length - 1]!)} the furthest` : "";
    return `${name(rank)}, test ${test}, pass ${pass}: ${told}${among}`;
  };

  const point = (to: [number, number] | null): void => {
    at = to;
    cursor.hidden = !to;
    reading.textContent = to ? sentence(...to) : rest;
    if (!to) return;
    cursor.style.left = `${(100 * to[1]) / cells.executions.length}%`;
    cursor.style.width = `${100 / cells.executions.length}%`;
    cursor.style.top = `${to[0] * height}px`;
    cursor.style.height = `${Math.max(3, height)}px`;
  };

  const paint = (): void => {
    const width = cells.executions.length;
    const each = Math.max(1, Math.floor(900 / width));
    [canvas.width, canvas.height] = [each * width, height * lines.length];
    canvas.style.height = `${canvas.height}px`;
    const context = canvas.getContext("2d")!;
    const ends = { less: rgb("line"), middle: rgb("raised"), more: rgb("mean") };
    const muted = colour("muted");
    lines.forEach((line, i) => {
      for (let execution = 0; execution < width; ++execution) {
        const shade = shadeOf(cells.ratio(furthest(cells, line, execution).rank, execution), cells.span, ends);
        context.fillStyle = shade ?? muted;
        context.fillRect(execution * each, i * height, each, height);
      }
    });
    context.fillStyle = colour("ink");
    lines.forEach((line, i) => {
      if (i > 0 && line[0]!.node !== lines[i - 1]![0]!.node && height * lines.length > kNodeApart * ranks.nodes.length) context.fillRect(0, i * height, canvas.width, 1);
    });
  };

  const draw = (quantity: RankQuantity): void => {
    cells = cellsOf(quantity, all.length);
    choices.forEach((one, i) => one.setAttribute("aria-pressed", String(shown[i] === quantity)));
    drawn.textContent = quantity.name;
    const left = quantity.all_executions - cells.executions.length;
    leftOut.textContent = left > 0 ? `, without the last ${left} executions (perfwatt export has all)` : "";
    const step = Math.ceil(cells.executions.length / 12);
    axis.replaceChildren(...cells.executions.map(([test, pass], i) => el("span", {}, i % step === 0 ? `${test}.${pass}` : "")));
    key.draw(cells.span);
    behind.replaceChildren(tableBehind(`${quantity.name} against the median of the execution`, [
      { title: "rank", cell: (rank: Rank) => String(rank.rank) },
      ...cells.executions.map(([test, pass], i) => ({
        title: `test ${test}, pass ${pass}`, number: true,
        cell: (rank: Rank) => numberCell(Number.isNaN(cells.ratio(rank.rank, i)) ? null : cells.ratio(rank.rank, i), "", "ratio"),
      })),
    ], all));
    paint();
    point(null);
  };

  // Names of nodes, as many as find room.
  let free = 0;
  lines.forEach((line, i) => {
    const node = line[0]!.node;
    if ((i > 0 && lines[i - 1]![0]!.node === node) || i * height < free) return;
    const label = el("span", {}, ranks.nodes[node]?.name || "unnamed");
    label.style.top = `${i * height}px`;
    free = i * height + 15;
    labels.append(label);
  });

  map.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    if (x < 0 || x >= 1 || y < 0 || y >= 1) return;
    point([Math.floor(y * lines.length), Math.floor(x * cells.executions.length)]);
  });
  for (const event of ["pointerleave", "blur"]) map.addEventListener(event, () => point(null));
  map.addEventListener("focus", () => point(at ?? [0, 0]));
  const moves: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-20, 0], PageDown: [20, 0], Home: [-Infinity, 0], End: [Infinity, 0] };
  map.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
    const [line, execution] = at ?? [0, 0];
    point([within(line + move[0], lines.length), within(execution + move[1], cells.executions.length)]);
  });
  const choices = shown.map((one) => button(one.name, () => draw(one), { class: "quiet" }));
  onTheme(paint);
  draw(first);
  return el(
    "figure",
    { class: "regions heatmap" },
    el("figcaption", {}, el("strong", {}, "Ranks by executions"), el("span", { class: "note" }, "  ", drawn, `, each against the median of its execution; across: test.pass`, leftOut)),
    el("div", { class: "tools pick", role: "group", "aria-label": "Quantity of the picture" }, ...choices),
    el("div", { class: "heatbox" }, labels, el("div", { class: "heatmain" }, map, axis)),
    key.element,
    reading,
    behind,
  );
}
