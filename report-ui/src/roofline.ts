// SPDX-License-Identifier: GPL-3.0-or-later
// Regions whose work is known beneath what their machine can do at most, both axes logarithmic.
import type { RegionRow, Regions } from "./data";
import { el, svg } from "./dom";
import { amount, percent } from "./format";

const [kWidth, kHeight] = [760, 400];
const [kLeft, kRight, kTop, kBottom] = [62, 12, 16, 44];
const [kSmallest, kLargest] = [3.5, 10]; // px: radius by the region's own time

interface Scale {
  low: number;
  high: number;
  at: (value: number) => number;
}

type Placed = RegionRow & { intensity: number; flops: number; roof_share: number };

const isPlaced = (row: RegionRow): row is Placed => row.intensity !== null && row.flops !== null && row.flops > 0 && row.roof_share !== null;

function scaleOf(low: number, high: number, from: number, to: number): Scale {
  return { low, high, at: (value) => from + (Math.log(value / low) / Math.log(high / low)) * (to - from) };
}

function scalesOf(rows: Placed[], regions: Regions): [Scale, Scale] {
  const xs = rows.map((row) => row.intensity);
  const ys = rows.map((row) => row.flops);
  const slowest = regions.slopes[0];
  for (const roof of regions.roofs) {
    ys.push(roof.most);
    if (slowest) xs.push(roof.most / slowest.bytes);
  }
  return [
    scaleOf(Math.min(...xs) / 2, Math.max(...xs) * 2, kLeft, kWidth - kRight),
    scaleOf(Math.min(...ys) / 2, Math.max(...ys) * 2, kHeight - kBottom, kTop),
  ];
}

// Powers of ten, or 1, 2, 5 where these would be few.
function ticks(scale: Scale): number[] {
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(scale.low)); power <= Math.log10(scale.high); ++power)
    for (const step of [1, 2, 5]) all.push(step * 10 ** power);
  const seen = all.filter((value) => value >= scale.low && value <= scale.high);
  const powers = seen.filter((value) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9);
  return powers.length >= 3 ? powers : seen;
}

function axes(x: Scale, y: Scale): SVGElement {
  const axis = svg("g", { class: "axis" });
  for (const value of ticks(x)) {
    axis.append(svg("line", { x1: x.at(value), x2: x.at(value), y1: kTop, y2: kHeight - kBottom }));
    axis.append(svg("text", { x: x.at(value), y: kHeight - kBottom + 16, "text-anchor": "middle" }, amount(value, "")));
  }
  for (const value of ticks(y)) {
    axis.append(svg("line", { x1: kLeft, x2: kWidth - kRight, y1: y.at(value), y2: y.at(value) }));
    axis.append(svg("text", { x: kLeft - 6, y: y.at(value) + 4, "text-anchor": "end" }, amount(value, "")));
  }
  axis.append(svg("text", { x: (kLeft + kWidth) / 2, y: kHeight - 8, "text-anchor": "middle", class: "unit" }, "operations a byte"));
  axis.append(svg("text", { x: 4, y: 11, class: "unit" }, "operations a second"));
  return axis;
}

const threadsText = (threads: number): string => `${threads} thread${threads === 1 ? "" : "s"}`;

function lines(regions: Regions, x: Scale, y: Scale): SVGElement {
  const group = svg("g", { class: "roofs" });
  const highest = Math.max(...regions.roofs.map((roof) => roof.most));
  regions.slopes.forEach((slope, i) => {
    const begin = Math.max(x.low, y.low / slope.bytes);
    const end = Math.min(x.high, highest / slope.bytes);
    if (begin >= end) return;
    const [x1, y1] = [x.at(begin), y.at(begin * slope.bytes)];
    const [x2, y2] = [x.at(end), y.at(end * slope.bytes)];
    const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
    group.append(svg("line", { class: i === 0 ? "memory" : "cache", x1, x2, y1, y2 }));
    group.append(svg("text", { x: x1 + 8, y: y1 - 5, transform: `rotate(${angle.toFixed(2)} ${x1.toFixed(1)} ${y1.toFixed(1)})` }, `${slope.level} ${amount(slope.bytes, "B/s")}`));
  });
  const fastest = regions.slopes[regions.slopes.length - 1];
  for (const roof of regions.roofs) {
    const begin = fastest ? Math.max(x.low, roof.most / fastest.bytes) : x.low;
    const at = y.at(roof.most);
    group.append(svg("line", { class: "memory", x1: x.at(Math.min(begin, x.high)), x2: x.at(x.high), y1: at, y2: at }));
    group.append(svg("text", { x: kWidth - kRight - 4, y: at - 5, "text-anchor": "end" }, `${roof.number} ${amount(roof.most, "")}op/s, ${threadsText(roof.threads)}`));
  }
  return group;
}

function sentence(row: Placed): string {
  const bound = row.bound ? `, bound by ${row.bound === "memory" ? "the memory" : "computing"}` : "";
  return `${row.path}: ${percent(row.roof_share)} of its roof${bound}, ${amount(row.flops, "")}op/s, ${amount(row.intensity, "")} operations a byte, ${amount(row.own ?? row.seconds, "s")} of a test`;
}

function mark(row: Placed, x: Scale, y: Scale, radius: number): SVGElement {
  const [cx, cy] = [x.at(row.intensity), y.at(row.flops)];
  const attributes = { class: row.bound === "memory" ? "bymemory" : "bycompute", tabindex: 0, role: "img", "aria-label": sentence(row), "data-region": row.path };
  const title = svg("title", {}, sentence(row));
  if (row.bound !== "memory") return svg("circle", { ...attributes, cx, cy, r: radius }, title);
  const [half, height] = [radius * 1.1, radius * 1.9];
  return svg("path", { ...attributes, d: `M${cx} ${cy - height * 0.6}l${half} ${height}h${-2 * half}z` }, title);
}

// Nothing where no region has a roof.
export function rooflineOf(regions: Regions): HTMLElement | null {
  const rows = regions.rows.filter(isPlaced);
  if (regions.no_roofs) return el("p", { class: "note" }, `No roofline: ${regions.no_roofs}.`);
  if (rows.length === 0 || regions.roofs.length === 0) return null;
  const [x, y] = scalesOf(rows, regions);
  const own = (row: Placed): number => row.own ?? row.seconds;
  const most = Math.max(...rows.map(own));
  const rest = "Point at a region to read it; larger took longer. ● bound by computing, ▲ by the memory.";
  const reading = el("p", { class: "reading", role: "status" }, rest);
  const marks = svg("g");
  for (const row of [...rows].sort((a, b) => own(b) - own(a))) {
    const made = mark(row, x, y, kSmallest + (kLargest - kSmallest) * Math.sqrt(most > 0 ? own(row) / most : 0));
    for (const event of ["pointerenter", "focus"]) made.addEventListener(event, () => void (reading.textContent = sentence(row)));
    for (const event of ["pointerleave", "blur"]) made.addEventListener(event, () => void (reading.textContent = rest));
    marks.append(made);
  }
  const label = `${rows.length} regions beneath the roofs of this machine; the table below has their numbers`;
  return el(
    "figure",
    { class: "regions roofline" },
    el("figcaption", {}, el("strong", {}, "Roofline")),
    el("div", { class: "scroll" }, svg("svg", { viewBox: `0 0 ${kWidth} ${kHeight}`, role: "group", "aria-label": label }, axes(x, y), lines(regions, x, y), marks)),
    reading,
  );
}
