// SPDX-License-Identifier: GPL-3.0-or-later
// Power over time: a picture for each channel, zoomed together.
import uPlot from "uplot";
import { type Channel, type Execution, type Recording, endsOf, executionsOf, float32, float64 } from "./data";
import { button, el, tableBehind } from "./dom";
import { amount, clock, numberCell } from "./format";
import { Pyramid } from "./pyramid";
import { colour, onTheme } from "./theme";

const kShown = 3; // channels that are drawn at first
const kHeight = 240;
const kDots = 250; // points that are few enough to be dots
const kSteps = [
  1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000, 1728000, 4320000, 8640000,
];

interface View {
  from: number;
  to: number;
}

interface Shade extends View {
  kind: "warmup" | "odd" | "even" | "idle" | "failed";
  label: string;
}

function shadesOf(recording: Recording, executions: Execution[]): Shade[] {
  const shades: Shade[] = recording.windows.map((one) => ({
    from: one.begin_s,
    to: one.end_s,
    kind: "idle",
    label: "idle",
  }));
  const passes = executions.some((one) => one.pass > 1);
  for (const one of executions) {
    const kind = one.test === 0 ? "warmup" : !one.counts ? "failed" : one.test % 2 ? "odd" : "even";
    const label = one.test === 0 ? "warm-up" : passes ? `${one.test}.${one.pass}` : String(one.test);
    shades.push({ from: one.begin, to: one.end, kind, label });
  }
  return shades;
}

function pyramidOf(channel: Channel): Pyramid {
  const mean = float32(channel.mean);
  return new Pyramid({
    time: float64(channel.time),
    mean,
    min: channel.min ? float32(channel.min) : mean,
    max: channel.max ? float32(channel.max) : mean,
  });
}

const withGaps = (values: Float32Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

class ChannelPlot {
  readonly element: HTMLElement;
  private readonly holder = el("div", { class: "plot" });
  private decoded: Pyramid | null = null;
  private plot: uPlot | null = null;
  private view: View;

  constructor(
    private readonly channel: Channel,
    private readonly recording: Recording,
    private readonly shades: Shade[],
    private readonly panel: PowerPanel,
  ) {
    this.view = panel.view;
    const name = `${channel.source} ${channel.channel}`;
    const caption = el("figcaption", {}, el("strong", {}, name), ` ${channel.scope}${channel.meter ? ", " + channel.meter : ""}`);
    if (channel.simulated) caption.append(" ", el("span", { class: "badge simulated" }, "SIMULATED"));
    this.element = el("figure", { class: "power", "aria-label": `Power over time, ${name}` }, caption, this.holder);
    for (const doubt of channel.doubts) this.element.append(el("p", { class: "note" }, doubt));
  }

  private get pyramid(): Pyramid {
    return (this.decoded ??= pyramidOf(this.channel));
  }

  // What is drawn now: also for tests.
  shown(): { level: number; points: number; most: number } {
    const { level, points } = this.pyramid.window(this.view.from, this.view.to, this.most());
    let most = -Infinity;
    for (const value of points.max) if (value > most) most = value;
    return { level, points: points.time.length, most };
  }

  private most(): number {
    return Math.max(200, this.panel.width);
  }

  private data(): uPlot.AlignedData {
    const { points } = this.pyramid.window(this.view.from, this.view.to, this.most());
    return [Array.from(points.time), withGaps(points.max), withGaps(points.min), withGaps(points.mean)];
  }

  draw(): void {
    this.plot?.destroy();
    this.view = this.panel.view;
    this.plot = new uPlot(this.options(), this.data(), this.holder);
    this.holder.querySelector("canvas")?.setAttribute("aria-hidden", "true");
  }

  show(view: View): void {
    this.view = view;
    if (!this.plot) return;
    this.plot.batch(() => {
      this.plot!.setData(this.data(), false);
      this.plot!.setScale("x", { min: view.from, max: view.to });
    });
  }

  resize(): void {
    if (!this.plot || this.panel.width === this.plot.width) return;
    this.plot.setSize({ width: this.panel.width, height: kHeight });
    this.show(this.view);
  }

  destroy(): void {
    this.plot?.destroy();
    this.plot = null;
  }

  private options(): uPlot.Options {
    const ink = colour("muted");
    const grid = { stroke: colour("grid"), width: 1 };
    const font = "12px system-ui, sans-serif";
    const dots = (this.pyramid.levels[0]?.time.length ?? 0) <= kDots;
    return {
      width: this.panel.width,
      height: kHeight,
      padding: [18, 8, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: "perfwatt-power" },
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
        bind: { dblclick: () => () => (this.panel.go(this.panel.all), null) },
      },
      scales: {
        x: { time: false, min: this.view.from, max: this.view.to },
        y: { range: (_plot, _low, high) => [0, (high || 1) * 1.08] },
      },
      axes: [
        {
          stroke: ink,
          grid,
          font,
          ticks: grid,
          incrs: kSteps,
          space: 80,
          values: (_plot, splits, _axis, _space, step) => splits.map((at) => clock(at, step)),
        },
        { stroke: ink, grid, font, ticks: grid, size: 64, values: (_plot, splits) => splits.map((at) => amount(at, "W")) },
      ],
      series: [
        {},
        { stroke: "transparent", points: { show: false } },
        { stroke: "transparent", points: { show: false } },
        { stroke: colour("line"), width: 1.5, points: { show: dots, size: 4, fill: colour("line") } },
      ],
      bands: [{ series: [1, 2], fill: colour("band") }],
      hooks: {
        drawClear: [(plot) => this.shade(plot)],
        draw: [(plot) => this.marks(plot)],
        setCursor: [(plot) => this.read(plot)],
        setSelect: [(plot) => this.select(plot)],
      },
    };
  }

  private select(plot: uPlot): void {
    if (plot.select.width < 4) return;
    const from = plot.posToVal(plot.select.left, "x");
    const to = plot.posToVal(plot.select.left + plot.select.width, "x");
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.panel.go({ from, to });
  }

  private read(plot: uPlot): void {
    const index = plot.cursor.idx;
    if (index === null || index === undefined || (plot.cursor.left ?? -1) < 0) return;
    const at = (series: number): number | null | undefined => plot.data[series]?.[index] as number | null | undefined;
    const mean = at(3);
    const [low, high] = [at(2), at(1)];
    const range = low != null && high != null && low < high ? ` (${amount(low, "W")} to ${amount(high, "W")})` : "";
    this.panel.say(
      `${this.channel.source} ${this.channel.channel} at ${clock(plot.data[0]![index]!, 0.001)}: ` +
        (mean == null ? "no value" : amount(mean, "W") + range),
    );
  }

  private span(plot: uPlot, one: View): [number, number] | null {
    if (one.to < this.view.from || one.from > this.view.to) return null;
    const left = Math.max(plot.bbox.left, plot.valToPos(one.from, "x", true));
    const right = Math.min(plot.bbox.left + plot.bbox.width, plot.valToPos(one.to, "x", true));
    return [left, Math.max(right, left + 1)];
  }

  private shade(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.textAlign = "center";
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    for (const one of this.shades) {
      const span = this.span(plot, one);
      if (!span) continue;
      ctx.fillStyle = colour(`shade-${one.kind}`);
      ctx.fillRect(span[0], bbox.top, span[1] - span[0], bbox.height);
      if (span[1] - span[0] < ctx.measureText(one.label).width + 6 * ratio) continue;
      ctx.fillStyle = colour("muted");
      ctx.fillText(one.label, (span[0] + span[1]) / 2, bbox.top - 5 * ratio);
    }
    ctx.restore();
  }

  private marks(plot: uPlot): void {
    const { source, channel, idle_before, idle_after } = this.channel;
    const level = (one: View, watts: number | null, ink: string): void => {
      const span = watts === null ? null : this.span(plot, one);
      if (!span) return;
      const y = Math.round(plot.valToPos(watts!, "y", true));
      plot.ctx.fillStyle = colour(ink);
      plot.ctx.fillRect(span[0], y - uPlot.pxRatio, span[1] - span[0], 2 * uPlot.pxRatio);
    };
    plot.ctx.save();
    for (const one of this.recording.windows)
      level({ from: one.begin_s, to: one.end_s }, one.before ? idle_before : idle_after, "idle");
    const means = this.panel.means.get(`${source}\n${channel}`);
    for (const [span, watts] of means ?? []) level(span, watts, "mean");
    plot.ctx.fillStyle = colour("bad");
    for (const time of this.panel.failed(this.channel)) {
      const span = this.span(plot, { from: time, to: time });
      if (span) plot.ctx.fillRect(span[0], plot.bbox.top + plot.bbox.height - 6 * uPlot.pxRatio, 2, 6 * uPlot.pxRatio);
    }
    plot.ctx.restore();
  }
}

// Once what there is has been painted; in a page that is not looked at, at once.
const seen = (): Promise<void> =>
  new Promise((done) => {
    if (document.hidden) setTimeout(done);
    else requestAnimationFrame(() => setTimeout(done));
  });

export class PowerPanel {
  readonly element: HTMLElement;
  readonly all: View;
  view: View;
  width = 800;  // of a picture: asked for once, as each answer lays out the whole page
  readonly means = new Map<string, [View, number][]>();
  private readonly plots: ChannelPlot[];
  private readonly drawn = new Set<ChannelPlot>();
  private readonly said = el("output", { class: "reading" }, "Drag over a picture to zoom; double-click shows all. Keys: + − ← → 0");
  private readonly failures = new Map<Channel, Float64Array>();
  private readonly stack = el("div", { class: "plots" });

  constructor(private readonly recording: Recording) {
    const executions = executionsOf(recording);
    const channels = recording.channels.filter((one) => one.time !== "");
    let [from, to] = [0, 0];
    for (const one of channels) {
      const [first, last] = endsOf(one.time);
      to = Math.max(to, last);
      from = Math.min(from, first);
    }
    for (const one of executions) to = Math.max(to, one.end);
    this.all = this.view = { from, to: to > from ? to : from + 1 };
    this.gatherMeans(executions);
    const shades = shadesOf(recording, executions);
    this.plots = channels.map((one) => new ChannelPlot(one, recording, shades, this));
    this.element = el(
      "div",
      {
        class: "powers",
        tabindex: 0,
        role: "group",
        "aria-label": "Power over time. Plus and minus zoom, arrow keys move, 0 shows all.",
      },
      this.controls(channels),
      this.stack,
      this.legend(channels),
    );
    this.element.addEventListener("keydown", (event) => this.press(event));
  }

  failed(channel: Channel): Float64Array {
    let times = this.failures.get(channel);
    if (!times) this.failures.set(channel, (times = float64(channel.failed)));
    return times;
  }

  private gatherMeans(executions: Execution[]): void {
    const spans = new Map(executions.map((one) => [`${one.test}.${one.pass}`, one]));
    for (const row of this.recording.energy) {
      const span = spans.get(`${row.test}.${row.pass}`);
      if (row.mean_w === null || !span) continue;
      const key = `${row.source}\n${row.channel}`;
      if (!this.means.has(key)) this.means.set(key, []);
      this.means.get(key)!.push([{ from: span.begin, to: span.end }, row.mean_w]);
    }
  }

  // Once the element is in the page: the main channel is drawn at once, the others once that has been seen.
  async start(): Promise<void> {
    this.width = Math.floor(this.stack.clientWidth) || 800;
    const first = [...this.plots].sort((a, b) => Number(this.isMain(b)) - Number(this.isMain(a))).slice(0, kShown);
    for (const plot of first) this.put(plot);
    first[0]?.draw();
    this.follow();
    for (const plot of first.slice(1)) {
      await seen();
      if (this.drawn.has(plot)) plot.draw();
    }
  }

  // Draws anew where the theme or the width changes.
  private follow(): void {
    onTheme(() => this.drawn.forEach((plot) => plot.draw()));
    new ResizeObserver(([entry]) => {
      this.width = Math.floor(entry!.contentRect.width) || this.width;
      this.drawn.forEach((plot) => plot.resize());
    }).observe(this.stack);
  }

  private isMain(plot: ChannelPlot): boolean {
    return this.recording.channels.filter((one) => one.time !== "")[this.plots.indexOf(plot)]!.main;
  }

  private put(plot: ChannelPlot): void {
    const after = this.plots.slice(this.plots.indexOf(plot) + 1).find((one) => this.drawn.has(one));
    this.stack.insertBefore(plot.element, after?.element ?? null);
    this.drawn.add(plot);
    this.check(plot, true);
  }

  private check(plot: ChannelPlot, on: boolean): void {
    const box = this.element.querySelectorAll<HTMLInputElement>("fieldset input")[this.plots.indexOf(plot)];
    if (box) box.checked = on;
  }

  private toggle(plot: ChannelPlot, on: boolean): void {
    if (on) {
      this.put(plot);
      plot.draw();
      return;
    }
    plot.destroy();
    plot.element.remove();
    this.drawn.delete(plot);
    this.check(plot, false);
  }

  say(text: string): void {
    this.said.textContent = text;
  }

  shown(): { level: number; points: number; most: number; from: number; to: number }[] {
    return [...this.drawn].map((plot) => ({ ...plot.shown(), ...this.view }));
  }

  go(wanted: View): void {
    const width = Math.min(this.all.to - this.all.from, Math.max(wanted.to - wanted.from, 1e-3));
    const from = Math.min(Math.max(wanted.from, this.all.from), this.all.to - width);
    this.view = { from, to: from + width };
    this.drawn.forEach((plot) => plot.show(this.view));
    this.say(`${clock(this.view.from, 0.01)} to ${clock(this.view.to, 0.01)}`);
  }

  private zoom(by: number): void {
    const middle = (this.view.from + this.view.to) / 2;
    const half = ((this.view.to - this.view.from) / 2) * by;
    this.go({ from: middle - half, to: middle + half });
  }

  private pan(by: number): void {
    const step = (this.view.to - this.view.from) * by;
    this.go({ from: this.view.from + step, to: this.view.to + step });
  }

  private press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    const does: Record<string, () => void> = {
      "+": () => this.zoom(0.5),
      "=": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      ArrowLeft: () => this.pan(-0.25),
      ArrowRight: () => this.pan(0.25),
      "0": () => this.go(this.all),
      Home: () => this.pan(-1e9),
      End: () => this.pan(1e9),
    };
    const action = does[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private controls(channels: Channel[]): HTMLElement {
    const tools = el(
      "div",
      { class: "tools", role: "toolbar", "aria-label": "Zoom" },
      button("+", () => this.zoom(0.5), { "aria-label": "Zoom in" }),
      button("−", () => this.zoom(2), { "aria-label": "Zoom out" }),
      button("◀", () => this.pan(-0.25), { "aria-label": "Earlier" }),
      button("▶", () => this.pan(0.25), { "aria-label": "Later" }),
      button("All", () => this.go(this.all), { "aria-label": "Show all" }),
      this.said,
    );
    if (channels.length < 2) return tools;
    const boxes = channels.map((one, i) => {
      const box = el("input", { type: "checkbox" });
      box.addEventListener("change", () => this.toggle(this.plots[i]!, box.checked));
      return el("label", {}, box, ` ${one.source} ${one.channel}`);
    });
    return el("div", {}, el("fieldset", { class: "channels" }, el("legend", {}, "Channels"), ...boxes), tools);
  }

  private legend(channels: Channel[]): HTMLElement {
    const entry = (kind: string, text: string): HTMLElement => el("li", {}, el("span", { class: `key key-${kind}` }), text);
    return el(
      "ul",
      { class: "legend" },
      entry("line", "power"),
      channels.some((one) => one.decimated) ? entry("band", "least to most, where one point is several readings") : null,
      entry("mean", "mean of an execution"),
      entry("idle", "idle level"),
      entry("odd", "tests (number above: test, or test.pass)"),
      entry("idlespan", "idle, watched"),
      entry("warmup", "warm-up"),
    );
  }

  table(): HTMLElement {
    const spans = new Map(executionsOf(this.recording).map((one) => [`${one.test}.${one.pass}`, one]));
    return tableBehind(
      "Power of each execution",
      [
        { title: "test", cell: (row) => String(row.test), number: true },
        { title: "pass", cell: (row) => String(row.pass), number: true },
        { title: "source", cell: (row) => `${row.source} ${row.channel}` },
        { title: "begin", cell: (row) => numberCell(spans.get(`${row.test}.${row.pass}`)?.begin, "s"), number: true },
        { title: "end", cell: (row) => numberCell(spans.get(`${row.test}.${row.pass}`)?.end, "s"), number: true },
        { title: "mean", cell: (row) => numberCell(row.mean_w, "W", "mean_w"), number: true },
        { title: "peak", cell: (row) => numberCell(row.peak_w, "W", "peak_w"), number: true },
        { title: "idle", cell: (row) => numberCell(row.idle_w, "W", "idle_w"), number: true },
      ],
      this.recording.energy,
    );
  }
}
