// SPDX-License-Identifier: GPL-3.0-or-later
// Each quantity over many recordings, where its level changed, and what else did there.
import { type History, type HistoryChange, type HistorySeries, type PageData, float64, int32 } from "./data";
import { type Child, el, section, svg, table, tableBehind } from "./dom";
import { kBottom, kHeight, kLeft, kMostMarks, kRight, kTop, kWidth, withRoom, yAxis } from "./dots";
import { amount, narrow, numberCell } from "./format";

const kLatestDate = 253402300799; // the last second of the year 9999

function dateOf(unix: number): string {
  if (!(unix > 0 && unix <= kLatestDate)) return "at an unknown time";
  return `${new Date(unix * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const nameOf = (one: HistorySeries): string => one.quantity + (one.identity ? ` [${one.identity}]` : "");
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

interface Drawing {
  history: History;
  starts: Float64Array;
  series: HistorySeries;
  recordings: Int32Array;
  means: Float64Array;
}

const titleOf = (of: Drawing, index: number): string =>
  `${of.history.names[of.recordings[index]!]!}, ${dateOf(of.starts[of.recordings[index]!]!)}: ${amount(of.means[index]!, of.series.unit, 6)}`;

// Where each level begins and what it is.
function levelsOf(of: Drawing): { from: number; to: number; level: number }[] {
  const at = of.series.changes.map((one) => of.recordings.indexOf(one.recording));
  const levels = of.series.changes.length ? [of.series.changes[0]!.before, ...of.series.changes.map((one) => one.after)] : [];
  const ends = [0, ...at, of.recordings.length];
  return levels.flatMap((level, i) => (level === null ? [] : [{ from: ends[i]!, to: ends[i + 1]! - 1, level }]));
}

function marksOf(of: Drawing, x: (index: number) => number, y: (value: number) => number): SVGElement {
  const group = svg("g");
  const each = Math.ceil(of.means.length / kMostMarks);
  for (let i = 0; i < of.means.length; i += each) {
    if (each === 1) {
      group.append(svg("circle", { class: "dot", cx: x(i), cy: y(of.means[i]!), r: 3 }, svg("title", {}, titleOf(of, i))));
      continue;
    }
    const some = of.means.subarray(i, i + each);
    const at = x(Math.min(i + (each >> 1), of.means.length - 1));
    group.append(svg("line", { class: "bar", x1: at, x2: at, y1: y(Math.min(...some)) + 1, y2: y(Math.max(...some)) - 1 }));
  }
  return group;
}

function picture(of: Drawing): SVGElement {
  const [low, high] = withRoom(Math.min(...of.means), Math.max(...of.means));
  const [last, inner] = [of.means.length - 1, kWidth - kLeft - kRight - 16];
  const x = (index: number): number => kLeft + 8 + (last > 0 ? (index / last) * inner : inner / 2);
  const y = (value: number): number => kTop + ((high - value) / (high - low)) * (kHeight - kTop - kBottom);
  const day = (index: number): string => dateOf(of.starts[of.recordings[index]!]!).slice(0, 10);
  const dates = svg("g", { class: "axis" }, svg("text", { x: kLeft, y: kHeight - 6 }, day(0)));
  if (last > 0) dates.append(svg("text", { x: kWidth - kRight, y: kHeight - 6, "text-anchor": "end" }, day(last)));
  const changes = svg("g");
  for (const one of of.series.changes) {
    const index = of.recordings.indexOf(one.recording);
    const middle = (x(index) + x(Math.max(0, index - 1))) / 2;
    changes.append(svg("line", { class: `change ${one.verdict}`, x1: middle, x2: middle, y1: kTop, y2: kHeight - kBottom }));
  }
  for (const { from, to, level } of levelsOf(of))
    changes.append(svg("line", { class: "mean", x1: x(from) - 3, x2: x(to) + 3, y1: y(level), y2: y(level) }));
  const label = `${nameOf(of.series)} over ${count(of.means.length, "recording")}, ${count(of.series.changes.length, "change")}; the table below has its numbers`;
  return svg("svg", { viewBox: `0 0 ${kWidth} ${kHeight}`, role: "img", "aria-label": label }, yAxis(low, high, of.series.unit, y), dates, changes, marksOf(of, x, y));
}

function card(history: History, starts: Float64Array, series: HistorySeries): HTMLElement {
  const tests = int32(series.tests);
  const of: Drawing = { history, starts, series, recordings: int32(series.recordings), means: float64(series.means) };
  const said = series.changes.length ? count(series.changes.length, "change") : "no change";
  return el(
    "figure",
    { class: "card", "data-quantity": nameOf(series) },
    el("figcaption", {}, el("strong", {}, nameOf(series)), el("span", { class: "note" }, said)),
    picture(of),
    tableBehind(
      nameOf(series),
      [
        { title: "recording", cell: (i: number): Child => history.names[of.recordings[i]!] },
        { title: "begun", cell: (i) => dateOf(starts[of.recordings[i]!]!) },
        { title: "tests", cell: (i) => numberCell(tests[i], "", "tests"), number: true },
        { title: "mean", cell: (i) => numberCell(of.means[i], series.unit, "mean"), number: true },
      ],
      Array.from(of.means.keys()),
    ),
  );
}

type Changed = HistoryChange & { series: HistorySeries };

function changesAt(history: History, recording: number): Changed[] {
  const at = history.series.flatMap((series) => series.changes.filter((one) => one.recording === recording).map((one) => ({ ...one, series })));
  return [...at.filter((one) => one.series.first_hand), ...at.filter((one) => !one.series.first_hand)];
}

function moment(history: History, starts: Float64Array, one: History["moments"][number]): HTMLElement {
  const changed = changesAt(history, one.recording);
  const name = history.names[one.recording]!;
  const drawn = table<Changed>(`What changed at ${name}`, [
    { title: "quantity", cell: (row) => nameOf(row.series) },
    { title: "before", cell: (row) => numberCell(row.before, narrow(row.series.unit), "before"), number: true },
    { title: "after", cell: (row) => numberCell(row.after, narrow(row.series.unit), "after"), number: true },
    { title: "ratio", cell: (row) => numberCell(row.ratio, "", "ratio"), number: true },
    { title: "95 % from", cell: (row) => numberCell(row.ci95_low, "", "ci95_low"), number: true },
    { title: "to", cell: (row) => numberCell(row.ci95_high, "", "ci95_high"), number: true },
    { title: "verdict", cell: (row) => el("span", { class: `verdict ${row.verdict}` }, row.verdict) },
  ], changed);
  drawn.querySelectorAll("tbody tr").forEach((line, i) => line.setAttribute("data-quantity", nameOf(changed[i]!.series)));
  return el(
    "div",
    { class: "moment", "data-recording": name },
    el("h3", {}, `From ${name} on (${dateOf(starts[one.recording]!)})`),
    drawn,
    one.differences.length === 0
      ? el("p", { class: "note" }, "Machine, environment and command are those of the recording before.")
      : table("What else is not the same since the recording before", [
        { title: "not the same since the one before", cell: (row) => row.key },
        { title: "old", cell: (row) => row.old || "(none)" },
        { title: "new", cell: (row) => row.new || "(none)" },
      ], one.differences),
  );
}

function sentence(history: History, fewest: number): string {
  const changed = history.series.filter((one) => one.changes.length > 0);
  if (changed.length > 0) return `${changed.length} of ${count(history.series.length, "quantity").replace("quantitys", "quantities")} changed their level.`;
  if (history.names.length < fewest) return `Fewer than ${fewest} recordings cannot show a change.`;
  return `No change was found in ${history.series.length} quantities.`;
}

function group(history: History, index: number, fewest: number): HTMLElement | null {
  const starts = float64(history.starts);
  const span = `${count(history.names.length, "recording")}, ${dateOf(starts[0]!)} to ${dateOf(starts[starts.length - 1]!)}.`;
  const order = (one: HistorySeries): number => Number(one.changes.length === 0) * 2 + Number(!one.first_hand);
  const sorted = [...history.series].sort((a, b) => order(a) - order(b));
  return section(
    `history-${index + 1}`,
    history.label,
    el("p", { class: "lead" }, sentence(history, fewest)),
    el("p", { class: "note" }, span),
    ...history.moments.map((one) => moment(history, starts, one)),
    el("h3", {}, "Each quantity over the recordings"),
    el("div", { class: "cards" }, ...sorted.map((one) => card(history, starts, one))),
  );
}

export const histories = (data: PageData): HTMLElement[] =>
  data.history.map((one, i) => group(one, i, data.fewest_for_change)).filter((one): one is HTMLElement => one !== null);
