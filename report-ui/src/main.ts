// SPDX-License-Identifier: GPL-3.0-or-later
import type { Comparison, PageData, Recording, VariantComparisons } from "./data";
import { type Child, button, el, section, table } from "./dom";
import { comparison } from "./forest";
import { numberCell } from "./format";
import { histories } from "./history";
import type { PowerPanel } from "./power";
import { sectionsOf } from "./recording";
import { forgetThemeListeners, themeButton } from "./theme";
import { variants } from "./variants";

const nameOf = (one: Recording): string => one.label || one.file;

function comparedTitle(all: Recording[]): string {
  const [before, after] = ["old", "new"].map((side) => all.filter((one) => one.side === side));
  return before!.length === 1 && after!.length === 1 ? `${after![0]!.file} against ${before![0]!.file}` : "New against old";
}

function compared(one: Comparison | VariantComparisons, index: number): HTMLElement | null {
  const id = index === 0 ? "comparison" : `comparison-${index + 1}`;
  return "variants" in one ? variants(one, id) : comparison(one, id);
}

function titleOf(data: PageData): string {
  if (data.history.length > 0) {
    const recordings = data.history.reduce((sum, one) => sum + one.names.length, 0);
    return `History of ${recordings} recording${recordings === 1 ? "" : "s"}`;
  }
  const [first] = data.comparisons;
  if (first && !first.of) return comparedTitle(data.recordings);
  if (first && data.comparisons.length === 1) return first.of;
  return data.recordings.length > 1 ? `${data.recordings.length} recordings` : nameOf(data.recordings[0]!);
}

function overview(all: Recording[], choose: (index: number) => void): HTMLElement | null {
  const figures = all[0]!.figures.filter((one) => one.quantity);
  const value = (recording: Recording, quantity: string): Child => {
    const row = recording.summary.find((one) => one.quantity === quantity);
    return row ? numberCell(row.mean, row.unit, quantity) : "–";
  };
  return section(
    "recordings",
    "Recordings",
    table("Recordings", [
      { title: "recording", cell: (one) => button(nameOf(one), () => choose(all.indexOf(one)), { class: "link" }) },
      ...(all.some((one) => one.side) ? [{ title: "side", cell: (one: Recording) => one.side }] : []),
      { title: "command", cell: (one) => el("code", {}, one.command) },
      ...figures.map((figure) => ({
        title: figure.label,
        cell: (one: Recording) => value(one, figure.quantity),
        number: true,
      })),
    ], all),
  );
}

const kMostTitle = 30; // of a section, in the navigation

// Of the sections whose headings are long.
const kShort: Record<string, string> = {
  comparison: "Comparison", power: "Power", energy: "Energy", time: "Time", counters: "Counters", captures: "Captured",
  gaps: "Not measured", regions: "Regions", quantities: "Quantities", again: "Again",
};

function shortOf(one: HTMLElement): string {
  const title = one.querySelector("h2")!.textContent!;
  return kShort[one.id.replace(/-\d+$/, "")] ?? (title.length > kMostTitle ? `${title.slice(0, kMostTitle)}…` : title);
}

function navigation(sections: HTMLElement[]): HTMLElement {
  const links = sections
    .filter((one) => one.id)
    .map((one) => el("li", {}, el("a", { href: `#${one.id}` }, shortOf(one))));
  return el("nav", { "aria-label": "Sections" }, el("ul", {}, ...links));
}

async function show(data: PageData): Promise<void> {
  const page = document.getElementById("page")!;
  const main = el("main", { id: "main" });
  const nav = el("div", { class: "bar" });
  const top = el(
    "header",
    { class: "top" },
    el("a", { class: "skip", href: "#main" }, "Skip to the results"),
    el("span", { class: "brand" }, "perfwatt"),
    themeButton(),
  );
  page.append(top, nav, main, el("footer", {}, `Made by perfwatt ${data.version}. This page loads nothing and sends nothing.`));

  const title = titleOf(data);
  document.title = `${title} · perfwatt`;
  if (data.history.length > 0) {
    const drawn = histories(data);
    main.replaceChildren(el("h1", {}, title), ...drawn);
    nav.replaceChildren(navigation(drawn));
    return;
  }
  const choose = (index: number): Promise<void> | undefined => {
    const one = data.recordings[index]!;
    forgetThemeListeners();
    const common = [
      ...data.comparisons.map(compared),
      data.recordings.length > 1 ? overview(data.recordings, choose) : null,
    ].filter((each): each is HTMLElement => each !== null);
    const drawn = sectionsOf(one, data.recordings.length > 1);
    const heading = el("h1", {}, title);
    const switcher = data.recordings.length > 1 && el(
      "div",
      { class: "switch", role: "group", "aria-label": "Recording shown below" },
      ...data.recordings.map((each, i) =>
        button(each.side ? `${each.side}: ${each.file}` : each.file, () => choose(i), { "aria-pressed": String(i === index) })),
    );
    main.replaceChildren(heading, ...common, ...(switcher ? [switcher] : []), ...drawn.sections);
    nav.replaceChildren(navigation([...common, ...drawn.sections]));
    (window as { perfwattPower?: PowerPanel | null }).perfwattPower = drawn.power;
    return drawn.power?.start();
  };
  await choose(0);
}

const holder = document.getElementById("data")!;
const data = JSON.parse(holder.textContent!) as PageData;
holder.remove();
void show(data).then(() => {
  performance.mark("perfwatt-drawn");
  document.documentElement.dataset.ready = "yes";
});
