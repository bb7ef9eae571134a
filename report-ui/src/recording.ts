// SPDX-License-Identifier: GPL-3.0-or-later
// The sections of one recording.
import { type Fact, type Finding, type Recording, type Series, rowOf } from "./data";
import { dotsCard } from "./dots";
import { type Child, button, copy, el, section, table } from "./dom";
import { halfWidth, numberCell } from "./format";
import { PowerPanel } from "./power";
import { quantities } from "./quantities";
import { ranksOf } from "./ranks";
import { regionsOf } from "./regions";
import { trees } from "./tree";

function figure(recording: Recording, one: Recording["figures"][number]): HTMLElement {
  const row = rowOf(recording, one.quantity);
  const known = row && row.mean !== null;
  const remark = !known
    ? row?.reason || one.reason
    : [halfWidth(row.ci95_low, row.ci95_high, row.mean), row.n !== null && row.n > 0 ? `n = ${row.n}` : ""].filter(Boolean).join(", ");
  return el(
    "div",
    { class: "figure", "data-quantity": one.quantity },
    el("dt", {}, one.label),
    el("dd", { class: known ? "value" : "value unknown" }, known ? numberCell(row.mean, row.unit, "mean") : "unknown"),
    el("dd", { class: "note" }, remark),
  );
}

function facts(pairs: [string, Child][]): HTMLElement {
  const list = el("dl", { class: "facts" });
  for (const [key, value] of pairs) if (value) list.append(el("dt", {}, key), el("dd", {}, value));
  return list;
}

function badges(recording: Recording): HTMLElement | null {
  const all: HTMLElement[] = [];
  const add = (kind: string, text: string): void => void all.push(el("span", { class: `badge ${kind}` }, text));
  if (recording.simulated) add("simulated", "SIMULATED POWER: the watts come from no sensor");
  if (recording.under_way) add("simulated", "UNDER WAY: this is the run so far");
  if (recording.interrupted) add("bad", `INTERRUPTED (${recording.ending}): this is the run so far`);
  return all.length ? el("p", {}, ...all) : null;
}

// `labelled`: with its label, which is the page's heading where it stands alone.
function head(recording: Recording, labelled: boolean): HTMLElement {
  return el(
    "section",
    { class: "head", "aria-label": "What was measured" },
    labelled && recording.label && el("p", { class: "label" }, recording.label),
    badges(recording),
    el("p", { class: "lead", id: "verdict" }, recording.verdict),
    facts([
      ["Command", el("code", {}, recording.command)],
      ["Counted", recording.target],
      ["Machine", recording.machine_line],
      ["Recorded", `${recording.recorded}, by perfwatt ${recording.perfwatt_version}`],
      ...recording.notices.map((text): [string, Child] => ["Note", text]),
    ]),
    el("dl", { class: "figures", "aria-label": "The figures that matter" }, ...recording.figures.map((one) => figure(recording, one))),
  );
}

const ofGroup = (recording: Recording, ...groups: Series["group"][]): Series[] =>
  recording.series.filter((one) => groups.includes(one.group));

const cards = (recording: Recording, all: Series[]): HTMLElement | false =>
  all.length > 0 && el("div", { class: "cards" }, ...all.map((one) => dotsCard(recording, one, one.group === "metric" ? one.remark : one.quantity)));

function energies(recording: Recording): HTMLElement | null {
  const all = ofGroup(recording, "energy");
  const find = (quantity: string): Series | undefined => all.find((one) => one.quantity === quantity);
  const shown = all.filter((one) => /\/energy-(gross|net)$/.test(one.quantity));
  if (shown.length === 0) return null;
  const made = shown.map((one) => dotsCard(recording, one, one.quantity, find(`${one.quantity}-uncertainty`)));
  return el("div", { class: "cards" }, ...made);
}

function trust(recording: Recording): HTMLElement | null {
  if (recording.validity.length === 0) return null;
  const rules = recording.validity.flatMap((one) => one.rules.map((rule) => ({ ...rule, of: `${one.source} ${one.channel}` })));
  const checks = recording.crosscheck;
  return el(
    "details",
    {},
    el("summary", {}, "How far these joules can be trusted"),
    rules.length > 0 &&
      table("Rules of validity", [
        { title: "channel", cell: (one) => one.of },
        { title: "rule", cell: (one) => one.rule },
        { title: "verdict", cell: (one) => el("span", { class: one.verdict === "fail" ? "warn" : null }, one.verdict) },
        { title: "seen", cell: (one) => one.finding },
      ], rules),
    checks.length > 0 &&
      table("Sensors of the same thing", [
        { title: "of", cell: (one) => one.scope },
        { title: "first", cell: (one) => `${one.first_source} ${one.first_channel}` },
        { title: "second", cell: (one) => `${one.second_source} ${one.second_channel}` },
        { title: "ratio of energies", cell: (one) => numberCell(one.ratio, "", "ratio"), number: true },
        { title: "agreeing", cell: (one) => `${one.agreeing} of ${one.compared}`, number: true },
        { title: "verdict", cell: (one) => one.verdict },
      ], checks),
  );
}

function finding(one: Finding): HTMLElement {
  return el(
    "article",
    { class: `finding ${one.status}` },
    el("h3", {}, one.title),
    one.text && el("p", {}, one.text),
    one.next && el("p", {}, "Next: ", el("code", {}, one.next)),
    el("p", { class: "note" }, `Rule ${one.rule}: ${one.condition}. Source: ${one.source}`),
  );
}

function findings(recording: Recording): Child[] {
  const of = (status: string): Finding[] => recording.findings.filter((one) => one.status === status);
  const rest = (status: string, title: string): HTMLElement | false =>
    of(status).length > 0 &&
    el("details", {}, el("summary", {}, `${title}: ${of(status).length} of ${recording.findings.length} rules`), ...of(status).map(finding));
  const applying = of("applies");
  return [
    applying.length === 0 && el("p", {}, `None of ${recording.findings.length} rules applies.`),
    ...applying.map(finding),
    rest("cannot-tell", "Cannot be told"),
    rest("does-not-apply", "Do not apply"),
  ];
}

function factTable(caption: string, all: Fact[]): HTMLElement | false {
  return all.length > 0 && table(caption, [
    { title: "what", cell: (one) => one.key },
    { title: "value", cell: (one) => one.value },
  ], all);
}

function captures(recording: Recording): HTMLElement | false {
  return recording.captures.length > 0 && table("Captured from the output", [
    { title: "name", cell: (one) => one.name },
    { title: "value", cell: (one) => (one.distinct === 0 ? "never matched" : one.value || `${one.distinct} different values`) },
    { title: "executions without a match", cell: (one) => String(one.missing), number: true },
  ], recording.captures);
}

function again(recording: Recording): HTMLElement | null {
  if (!recording.again) return null;
  const copied = button("Copy", () => void copy(recording.again, copied), { class: "quiet" });
  return el("div", { class: "command" }, el("pre", { tabindex: 0 }, el("code", {}, recording.again)), copied);
}

function uncounted(recording: Recording): HTMLElement | false {
  const rows = recording.summary.filter((row) => row.status === "scaled");
  return rows.length > 0 && el("p", { class: "note" }, `${rows.length} values are scaled from multiplexed counts (${rows.map((row) => row.quantity).slice(0, 8).join(", ")}).`);
}

export interface Drawn {
  sections: HTMLElement[];
  power: PowerPanel | null;
}

export function sectionsOf(recording: Recording, labelled: boolean): Drawn {
  const power = recording.channels.some((one) => one.time !== "") ? new PowerPanel(recording) : null;
  const noPower = recording.why_no_power ? `No power was measured: ${recording.why_no_power}` : "No reading has a value.";
  const energy = energies(recording);
  const counters = ofGroup(recording, "counter");
  const all = [
    head(recording, labelled),
    recording.warnings.length > 0 &&
      section("warnings", "Warnings", el("ul", { class: "warnings" }, ...recording.warnings.map((text) => el("li", {}, text)))),
    section("findings", "Findings", ...findings(recording)),
    section("regions", "Where it went", ...regionsOf(recording)),
    section("ranks", "Ranks", ...ranksOf(recording)),
    section("power", "Power over time", power ? power.element : el("p", {}, noPower), power?.table()),
    section("energy", "Energy of each test", energy ?? el("p", {}, power ? "No test has an energy; see what could not be measured." : noPower), trust(recording)),
    section("time", "Time of each test", cards(recording, ofGroup(recording, "time")) || el("p", {}, rowOf(recording, "elapsed")?.reason || "No test has a time.")),
    section("counters", "Counters over the tests", cards(recording, counters) || el("p", {}, "No counter has a value."), uncounted(recording)),
    section("metrics", "Metrics", trees(recording), cards(recording, ofGroup(recording, "metric"))),
    section("captures", "Captured from the output", captures(recording), cards(recording, ofGroup(recording, "captured"))),
    section("gaps", "Not measured, and why", recording.gaps.length > 0
      ? table("Not measured, and why", [
        { title: "what", cell: (one) => one.what },
        { title: "why", cell: (one) => one.why },
      ], recording.gaps)
      : el("p", {}, "All that was asked for was measured.")),
    section("quantities", "All quantities", quantities(recording)),
    section("machine", "Machine", factTable("Machine", recording.machine), recording.environment.length > 0 && el("h3", {}, "Environment"), factTable("Environment", recording.environment)),
    section("again", "Measure it again", again(recording)),
  ];
  return { sections: all.filter((one): one is HTMLElement => Boolean(one)), power };
}

