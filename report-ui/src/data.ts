// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of what src/report/page writes, and its columns of numbers.

export interface SummaryRow {
  variant: string;
  quantity: string;
  unit: string;
  n: number | null;
  mean: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  median: number | null;
  min: number | null;
  max: number | null;
  stddev: number | null;
  cv: number | null;
  outliers: number | null;
  status: string;
  reason: string;
}

export interface Series {
  quantity: string;
  group: "time" | "counter" | "metric" | "captured" | "energy" | "power";
  unit: string;
  remark: string;
  tests: string; // base64 of int32
  values: string; // base64 of float64
  odd: number[]; // test numbers
}

export interface EnergyRow {
  test: number;
  pass: number;
  source: string;
  channel: string;
  seconds: number;
  gross_j: number | null;
  idle_w: number | null;
  net_j: number | null;
  mean_w: number | null;
  peak_w: number | null;
  uncertainty_j: number | null;
  net_uncertainty_j: number | null;
  coverage: number | null;
  status: string;
  reason: string;
}

export interface Channel {
  prefix: string;
  source: string;
  channel: string;
  scope: string;
  meter: string;
  kind: string;
  simulated: boolean;
  main: boolean;
  idle_before: number | null;
  idle_after: number | null;
  decimated: boolean;
  doubts: string[];
  time: string; // base64 of float64, s since the start of the recording
  mean: string; // base64 of float32, W; NaN: a break
  min?: string; // where several readings are one point
  max?: string;
  failed: string; // base64 of float64: times of readings that failed
}

export interface TreeRow {
  key: string;
  name: string;
  unit: string;
  depth: number;
  mean: number | null;
  half_width: number | null;
  band: number | null;
  of_parent: number | null;
  of_root: number | null;
  remainder: boolean;
  negative: boolean;
  holding: string[];
  user_only: boolean;
}

export interface CountedRegion {
  mean: number | null;
  sign: string; // "*": scaled; "~": with others' events
  why: string; // there is none
}

export interface RegionRow {
  path: string;
  name: string;
  depth: number;
  collector: string;
  calls: number | null;
  items: number | null;
  seconds: number; // of a test, as all of these
  ci95_low: number | null;
  ci95_high: number | null;
  own: number | null;
  share: number | null; // of the elapsed time
  mean_s: number | null;
  p50_s: number | null;
  p99_s: number | null;
  below_floor: boolean;
  joules: number | null;
  joules_half: number | null;
  untold: boolean;
  flops: number | null; // a second
  intensity: number | null; // operations a byte
  roof_share: number | null; // of what the machine can do at most
  bound: string; // "compute", "memory"; "": not known
  how: string;
  counts: CountedRegion[]; // by Regions.events
  metrics: CountedRegion[]; // by Regions.metrics
}

export interface Regions {
  all: number; // of which `rows` took longest
  threads: number;
  scope: string;
  mark_cost_s: number | null;
  events: { name: string; unit: string }[];
  metrics: { name: string; unit: string }[];
  energy: { channel: string; whole_j: number; regions_j: number; outside_j: number; untold_j: number } | null;
  no_roofs: string; // why regions whose work is known have none; "": they have, or there are none
  roofs: { number: string; threads: number; most: number }[]; // operations a second
  slopes: { level: string; threads: number; bytes: number }[]; // a second, the least first
  rows: RegionRow[]; // what is within a region follows it
}

export interface RankQuantity {
  name: string;
  unit: string;
  reason: string; // why ranks have none
  least: number | null; // of a test, as all of these
  least_rank: number | null;
  median: number | null;
  mean: number | null;
  most: number | null;
  most_rank: number | null;
  imbalance: number | null;
  values: string; // base64 of float64, by rank; NaN: none
  executions: string; // base64 of int32: test, pass
  all_executions: number; // of which these are the first
  cells: string; // base64 of float32: of each rank in turn, by execution; NaN: none
}

// Energies of a test; their uncertainties with 95 %.
export interface RankNode {
  name: string;
  ranks: number;
  energy_j: number | null;
  uncertainty_j: number | null;
  net_j: number | null; // of idle
  net_uncertainty_j: number | null;
  mean_w: number | null;
  sensor: string;
  reason: string; // why it has no energy
  net_reason: string; // why it has no net energy
  busy_cpu_s: number | null; // that all processes of the node used
  other_cpu_s: number | null; // of it, what is not of the job's ranks, at least
  shared: boolean; // its energy is others', too
  other_reason: string; // why that is not known of all executions
}

export interface JobEnergy {
  energy_j: number | null;
  uncertainty_j: number | null;
  nodes: number;
  nodes_known: number;
  lower_bound: boolean;
  net_j: number | null;
  net_uncertainty_j: number | null;
  nodes_net_known: number;
  net_lower_bound: boolean;
  nodes_shared: number; // of which it is others', too
}

export interface Ranks {
  launcher: string;
  states: string; // base64 of int32, of each rank: node, ended, unfinished, missing, failed
  nodes: RankNode[];
  energy: JobEnergy | null;
  all_apart: number; // of which `apart` are the furthest
  apart: { rank: number; how: string; evidence: string[] }[];
  quantities: RankQuantity[];
}

export interface Rank {
  rank: number;
  node: number; // index into Ranks.nodes; -1: not known
  ended: number; // executions
  unfinished: number;
  missing: number;
  failed: number;
  values: (number | null)[]; // by Ranks.quantities
}

// "rank 3 (n1)"
export const rankName = (ranks: Ranks, rank: Rank): string => {
  const node = ranks.nodes[rank.node]?.name;
  return node ? `rank ${rank.rank} (${node})` : `rank ${rank.rank}`;
};

export interface Finding {
  rule: string;
  title: string;
  status: "applies" | "does-not-apply" | "cannot-tell";
  text: string;
  next: string;
  source: string;
  condition: string;
}

export interface CrossCheck {
  scope: string;
  first_source: string;
  first_channel: string;
  second_source: string;
  second_channel: string;
  ratio: number | null;
  offset_w: number | null;
  lag_s: number | null;
  compared: number;
  agreeing: number;
  verdict: string;
}

export interface Validity {
  source: string;
  channel: string;
  verdict: string;
  rules: { rule: string; verdict: string; finding: string }[];
}

export interface Fact {
  key: string;
  value: string;
}

export interface Recording {
  file: string;
  side: "" | "old" | "new";
  verdict: string;
  label: string;
  command: string;
  target: string;
  machine_line: string;
  recorded: string;
  perfwatt_version: string;
  ending: string;
  interrupted: boolean;
  under_way: boolean;
  simulated: boolean;
  items: number | null;
  notices: string[];
  figures: { label: string; quantity: string; reason: string }[];
  again: string;
  summary: SummaryRow[];
  series: Series[];
  energy: EnergyRow[];
  executions: string; // base64 of int32: test, pass, whether it counts
  times: string; // base64 of float64: begin, end
  windows: { before: boolean; begin_s: number; end_s: number }[];
  why_no_power: string;
  channels: Channel[];
  trees: TreeRow[][];
  regions: Regions | null;
  ranks: Ranks | null;
  gaps: { what: string; why: string }[];
  odd: string[];
  warnings: string[];
  captures: { name: string; value: string; distinct: number; missing: number }[];
  findings: Finding[];
  crosscheck: CrossCheck[];
  validity: Validity[];
  machine: Fact[];
  environment: Fact[];
}

interface Ratio {
  unit: string;
  old_median: number | null;
  new_median: number | null;
  ratio: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
}

export interface ComparisonRow extends Ratio {
  variant: string;
  quantity: string;
  p: number | null;
  verdict: string;
  basis: string;
  reason: string;
}

export interface ClockPart extends Ratio {
  name: string;
  told: boolean;
}

export interface Comparison {
  verdict: string;
  basis: string;
  stop_rule: string;
  old: { recordings: number; tests: number };
  new: { recordings: number; tests: number };
  by_chance: number;
  named: string[]; // quantities that matter
  differences: { key: string; old: string; new: string }[];
  clock_or_code: { reason: string; conclusion: string; machine: string[]; parts: ClockPart[] };
  rows: ComparisonRow[];
  of: string; // the file whose variants they are; "": old and new
  sentence: string;
}

export interface VariantComparison extends Comparison {
  variant: string;
  reference: string; // "": that variant before and after
  other_values: string[];
}

export interface VariantComparisons {
  basis: string;
  by_chance: number;
  unmatched: string[]; // variants that one side has alone
  geometric_means: { quantity: string; ratio: number; ratios: number }[];
  variants: VariantComparison[];
  of: string;
  sentence: string;
}

export interface HistoryChange {
  recording: number; // index into names
  before: number | null;
  after: number | null;
  ratio: number | null;
  ci95_low: number | null;
  ci95_high: number | null;
  p: number;
  verdict: string;
}

export interface HistorySeries {
  quantity: string;
  unit: string;
  identity: string;
  first_hand: boolean;
  recordings: string; // base64 of int32: indices into names
  tests: string; // base64 of int32
  means: string; // base64 of float64
  changes: HistoryChange[];
}

export interface History {
  label: string;
  names: string[]; // by start
  starts: string; // base64 of float64: Unix time
  moments: { recording: number; differences: { key: string; old: string; new: string }[] }[];
  series: HistorySeries[];
}

export interface PageData {
  version: string;
  recordings: Recording[];
  comparisons: (Comparison | VariantComparisons)[];
  fewest_for_change: number;
  history: History[]; // without recordings
}

type FromBase64 = { fromBase64?: (text: string) => Uint8Array };

function bytes(text: string): ArrayBuffer {
  const decode = (Uint8Array as FromBase64).fromBase64;  // of browsers since 2025
  if (decode) return decode.call(Uint8Array, text).buffer as ArrayBuffer;
  const raw = atob(text);
  const all = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; ++i) all[i] = raw.charCodeAt(i);
  return all.buffer;
}

export const float64 = (text: string): Float64Array => new Float64Array(bytes(text));
export const float32 = (text: string): Float32Array => new Float32Array(bytes(text));
export const int32 = (text: string): Int32Array => new Int32Array(bytes(text));

// The first and the last of a column of float64 that is not empty, without the others.
export function endsOf(text: string): [number, number] {
  const [head, tail] = [bytes(text.slice(0, 12)), bytes(text.slice(-16))];
  return [new DataView(head).getFloat64(0, true), new DataView(tail).getFloat64(tail.byteLength - 8, true)];
}

export interface Execution {
  test: number; // 0: a warm-up
  pass: number;
  counts: boolean;
  begin: number;
  end: number;
}

export function executionsOf(recording: Recording): Execution[] {
  const numbers = int32(recording.executions);
  const times = float64(recording.times);
  const all: Execution[] = [];
  for (let i = 0; i * 3 < numbers.length; ++i)
    all.push({
      test: numbers[3 * i]!,
      pass: numbers[3 * i + 1]!,
      counts: numbers[3 * i + 2] !== 0,
      begin: times[2 * i]!,
      end: times[2 * i + 1]!,
    });
  return all;
}

export const rowOf = (recording: Recording, quantity: string): SummaryRow | undefined =>
  recording.summary.find((row) => row.quantity === quantity);
