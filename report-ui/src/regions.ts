// SPDX-License-Identifier: GPL-3.0-or-later
// Where it went: what the command marked, as a picture that one can walk into, and as a table.
import type { CountedRegion, Recording, RegionRow, Regions } from "./data";
import { type Child, button, el } from "./dom";
import { amount, halfWidth, numberCell, percent } from "./format";
import { icicle, sizeOf, treeOf } from "./icicle";
import { rooflineOf } from "./roofline";
import { type Field, sortedTable } from "./sorted";

// What the widths of the picture are.
interface Width {
  title: string;
  value: (row: RegionRow) => number | null;
  text: (value: number) => string;
}

const ofEvent = (unit: string): { factor: number; unit: string } => (unit === "ns" ? { factor: 1e-9, unit: "s" } : { factor: 1, unit });

function widths(regions: Regions): Width[] {
  const all: Width[] = [{ title: "time", value: (row) => row.seconds, text: (value) => amount(value, "s") }];
  if (regions.energy) all.push({ title: "energy", value: (row) => row.joules, text: (value) => amount(value, "J") });
  regions.events.forEach((event, i) => {
    const scale = ofEvent(event.unit);
    all.push({ title: event.name, value: (row) => row.counts[i]?.mean ?? null, text: (value) => amount(value * scale.factor, scale.unit) });
  });
  return all.filter((one) => regions.rows.some((row) => (one.value(row) ?? 0) > 0));
}

function sentence(row: RegionRow, whole: number, width: Width): string {
  const value = width.value(row);
  const of = value === null ? `${width.title} unknown` : `${width.text(value)}${whole > 0 ? `, ${percent(value / whole)} of what regions took` : ""}`;
  const parts = [`${row.path}: ${of}`];
  if (width.title !== "time") parts.push(amount(row.seconds, "s"));
  if (row.calls !== null) parts.push(`${amount(row.calls, "")} calls`);
  if (row.mean_s !== null) parts.push(`${amount(row.mean_s, "s")} each`);
  if (row.joules !== null && width.title !== "energy") parts.push(amount(row.joules, "J"));
  return parts.join(", ");
}

function picture(regions: Regions): HTMLElement {
  const all = widths(regions);
  let chosen = all[0]!;
  let whole = 0;
  const reading = el("p", { class: "reading", role: "status" });
  const rest = "Point at a region to read it, click to walk in, again to walk out; Escape shows all.";
  const drawn = icicle({
    say: (row) => sentence(row, whole, chosen),
    point: (row) => void (reading.textContent = row ? sentence(row, whole, chosen) : rest),
  });
  const draw = (width: Width): void => {
    chosen = width;
    const roots = treeOf(regions.rows, width.value);
    whole = sizeOf(roots);
    drawn.draw(roots);
    reading.textContent = rest;
    choices.forEach((one, i) => one.setAttribute("aria-pressed", String(all[i] === width)));
  };
  const choices = all.map((width) => button(width.title, () => draw(width), { class: "quiet" }));
  draw(chosen);
  return el(
    "figure",
    { class: "regions" },
    all.length > 1 && el("div", { class: "tools pick", role: "group", "aria-label": "Width of a region" }, el("span", { class: "note" }, "as wide as its"), ...choices),
    drawn.element,
    reading,
  );
}

function counted(one: CountedRegion | undefined, unit: string, name: string): HTMLElement {
  const scale = ofEvent(unit);
  const cell = el("td", { class: "n" }, numberCell(one?.mean == null ? null : one.mean * scale.factor, scale.unit.startsWith("%") ? "" : scale.unit, name));
  if (one?.sign) cell.append(one.sign);
  if (one?.why) cell.setAttribute("title", one.why);
  return cell;
}

function nameCell(row: RegionRow, sorted: boolean): HTMLElement {
  const head = el("th", { scope: "row", title: row.path }, sorted ? row.path : row.name);
  if (!sorted) head.style.paddingLeft = `${1.25 * row.depth}em`;
  return head;
}

function fieldsOf(regions: Regions): Field<RegionRow>[] {
  const number = (name: string, title: string, value: (row: RegionRow) => number | null, unit: string): Field<RegionRow> => ({
    name, title, value, cell: (row) => el("td", { class: "n" }, numberCell(value(row), unit, name)), number: true, falling: true,
  });
  const words = (name: string, title: string, value: (row: RegionRow) => string): Field<RegionRow> => ({
    name, title, value, cell: (row) => el("td", { class: "whole" }, value(row)),
  });
  const half = (row: RegionRow): number | null => (row.ci95_low === null || row.ci95_high === null ? null : (row.ci95_high - row.ci95_low) / 2);
  const some = (value: (row: RegionRow) => unknown): boolean => regions.rows.some((row) => Boolean(value(row)));
  const fields: (Field<RegionRow> | false)[] = [
    { name: "region", title: "region", value: (row) => row.path, cell: nameCell },
    { ...number("share", "share", (row) => row.share, ""), cell: (row) => el("td", { class: "n" }, row.share === null ? "–" : percent(row.share)) },
    number("seconds", "time", (row) => row.seconds, "s"),
    { ...number("half_width_s", "95 %", half, "s"), cell: (row) => el("td", { class: "n" }, halfWidth(row.ci95_low, row.ci95_high, row.seconds)) },
    number("own_s", "own", (row) => row.own, "s"),
    number("calls", "calls", (row) => row.calls, ""),
    some((row) => row.items) && number("items", "items", (row) => row.items, ""),
    {
      ...number("mean_s", "mean", (row) => row.mean_s, "s"),
      cell: (row) => el("td", { class: "n" }, numberCell(row.mean_s, "s", "mean_s"), row.below_floor && "!"),
    },
    number("p50_s", "p50", (row) => row.p50_s, "s"),
    number("p99_s", "p99", (row) => row.p99_s, "s"),
    Boolean(regions.energy) && {
      ...number("joules", "energy", (row) => row.joules, "J"),
      cell: (row) => el("td", { class: "n" }, row.joules === null && row.untold ? "?" : numberCell(row.joules, "J", "joules"),
        row.joules_half !== null && el("small", {}, ` ± ${amount(row.joules_half, "J", 2)}`)),
    },
    some((row) => row.flops) && number("flops_per_s", "flop/s", (row) => row.flops, ""),
    some((row) => row.intensity) && number("intensity", "flop/byte", (row) => row.intensity, ""),
    some((row) => row.roof_share) && {
      ...number("roof_share", "of the roof", (row) => row.roof_share, ""),
      cell: (row) => el("td", { class: "n", title: row.bound && `bound by ${row.bound}` }, row.roof_share === null ? "–" : percent(row.roof_share)),
    },
    ...regions.events.map((event, i): Field<RegionRow> => ({
      ...number(event.name, event.name, (row) => row.counts[i]?.mean ?? null, event.unit),
      cell: (row) => counted(row.counts[i], event.unit, event.name),
    })),
    ...regions.metrics.map((metric, i): Field<RegionRow> => ({
      ...number(metric.name, metric.unit ? `${metric.name} (${metric.unit})` : metric.name, (row) => row.metrics[i]?.mean ?? null, metric.unit),
      cell: (row) => counted(row.metrics[i], metric.unit, metric.name),
    })),
    some((row) => row.how) && words("how", "how", (row) => row.how),
    new Set(regions.rows.map((row) => row.collector)).size > 1 && words("collector", "marked by", (row) => row.collector),
  ];
  return fields.filter((one): one is Field<RegionRow> => Boolean(one));
}

function notes(regions: Regions): Child[] {
  const says = (test: (one: CountedRegion) => boolean): boolean => regions.rows.some((row) => [...row.counts, ...row.metrics].some(test));
  const all: string[] = [];
  if (regions.threads > 1) all.push(`The times of ${regions.threads} threads add up.`);
  if (regions.energy) {
    const { channel, whole_j, regions_j, outside_j, untold_j } = regions.energy;
    all.push(`Energy by ${channel}, told from when regions ran: ${amount(whole_j, "J")} in all the tests, of which ${amount(regions_j, "J")} in regions, ` +
      `${amount(outside_j, "J")} outside of them${untold_j > 0 ? `, and ${amount(untold_j, "J")} that cannot be told` : ""}.`);
  }
  if (regions.mark_cost_s !== null) all.push(`A region's begin and end cost ${amount(regions.mark_cost_s, "s")} here; "!": that is more than a tenth of its mean.`);
  if (says((one) => one.sign.includes("~"))) all.push('"~": regions of other threads or processes ran beside it, whose events are in it, too.');
  if (says((one) => one.sign.includes("*"))) all.push('"*": counted a part of the time, and scaled up.');
  return all.map((text) => el("p", { class: "note" }, text));
}

export function regionsOf(recording: Recording): Child[] {
  const { regions } = recording;
  if (!regions) return [];
  const left = regions.all - regions.rows.length;
  return [
    picture(regions),
    rooflineOf(regions),
    sortedTable({
      caption: "Regions",
      filter: "Filter regions",
      fields: fieldsOf(regions),
      rows: regions.rows,
      text: (row) => `${row.path} ${row.how}`,
      marked: (row) => ({ region: row.path }),
      note: left > 0 ? `those of ${regions.all} regions that took longest (perfwatt export has all)` : "",
    }),
    ...notes(regions),
  ];
}
