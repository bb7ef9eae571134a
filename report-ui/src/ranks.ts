// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks of a job against each other, and its nodes.
import { type JobEnergy, type Rank, type RankNode, type RankQuantity, type Ranks, type Recording, float64, int32, rankName } from "./data";
import { type Child, el, table } from "./dom";
import { amount, numberCell } from "./format";
import { heatMap } from "./heat";
import { type Field, sortedTable } from "./sorted";

function ranksFrom(ranks: Ranks): Rank[] {
  const numbers = int32(ranks.states);
  const values = ranks.quantities.map((one) => float64(one.values));
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return Array.from({ length: numbers.length / 5 }, (_, rank) => {
    const [node, ended, unfinished, missing, failed] = numbers.subarray(5 * rank, 5 * rank + 5) as unknown as [number, number, number, number, number];
    return { rank, node, ended, unfinished, missing, failed, values: values.map((one) => known(one[rank]!)) };
  });
}

function spreads(ranks: Ranks, all: Rank[]): HTMLElement {
  const value = (title: string, field: "least" | "median" | "most") => ({
    title, number: true, cell: (one: RankQuantity): Child => numberCell(one[field], one.unit, field),
  });
  const rank = (title: string, field: "least_rank" | "most_rank") => ({
    title, cell: (one: RankQuantity): Child => el("span", { class: "who" }, one[field] === null ? "–" : rankName(ranks, all[one[field]]!)),
  });
  return el("div", { class: "spreads" }, table("Each quantity over the ranks, means of a test", [
    { title: "mean of a test", cell: (one) => one.name },
    value("least", "least"), rank("of", "least_rank"), value("median", "median"), value("most", "most"), rank("of", "most_rank"),
    { title: "most / mean", number: true, cell: (one) => numberCell(one.imbalance, "", "imbalance") },
    { title: "", cell: (one) => one.reason && el("span", { class: "warn" }, one.median === null ? `of no rank: ${one.reason}` : `not of every rank: ${one.reason}`) },
  ], ranks.quantities));
}

const states = (rank: Rank): string =>
  [rank.missing && `${rank.missing} missing`, rank.unfinished && `${rank.unfinished} unfinished`, rank.failed && `${rank.failed} failed`].filter(Boolean).join(", ");

function rankTable(ranks: Ranks, all: Rank[]): HTMLElement {
  const name = (rank: Rank): string => ranks.nodes[rank.node]?.name ?? "";
  const fields: Field<Rank>[] = [
    { name: "rank", title: "rank", number: true, value: (rank) => rank.rank, cell: (rank) => el("th", { scope: "row", class: "n" }, String(rank.rank)) },
    { name: "node", title: "node", value: name, cell: (rank) => el("td", { class: "whole" }, name(rank)) },
  ];
  ranks.quantities.forEach((one, i) => fields.push({
    name: one.name, title: one.name, number: true, falling: true,
    value: (rank) => rank.values[i] ?? null,
    cell: (rank) => el("td", { class: "n" }, numberCell(rank.values[i], one.unit, one.name)),
  }));
  if (all.some(states))
    fields.push({ name: "executions", title: "executions", value: (rank) => states(rank) || null, cell: (rank) => el("td", { class: "warn" }, states(rank)) });
  return sortedTable({
    caption: "Each rank, means of a test",
    filter: "Filter ranks",
    fields,
    rows: all,
    text: (rank) => `rank ${rank.rank} ${name(rank)} ${states(rank)}`,
    marked: (rank) => ({ rank: String(rank.rank) }),
    note: "means of a test",
  });
}

// "361.2 J ± 0.50 %"; of what is not told from 0 "1.1 J ± 1.2 J".
function energyText(joules: number, uncertainty: number | null): string {
  if (uncertainty === null) return amount(joules, "J");
  return `${amount(joules, "J")} ± ${uncertainty < joules ? `${((100 * uncertainty) / joules).toFixed(2)} %` : amount(uncertainty, "J")}`;
}

function netOfNodes(all: JobEnergy): string {
  if (all.net_j === null) return "";
  const part = all.nodes_net_known < all.nodes ? `, of ${all.nodes_net_known} of ${all.nodes} nodes` : "";
  return ` Net of idle: ${energyText(all.net_j, all.net_uncertainty_j)}${part}${all.net_lower_bound ? ": a lower bound" : ""}.`;
}

function sharedNodes(ranks: Ranks): string {
  const { nodes_shared } = ranks.energy!;
  if (nodes_shared === 0) return "";
  if (ranks.nodes.length === 1) return " Other processes used the node meanwhile: its energy is theirs, too.";
  return ` Other processes used ${nodes_shared} of ${ranks.nodes.length} nodes meanwhile: the energy of ${nodes_shared === 1 ? "that node" : "these"} is theirs, too.`;
}

function sumOfNodes(ranks: Ranks): string {
  const all = ranks.energy!;
  if (all.energy_j === null) return `Energy of no node: ${ranks.nodes[0]?.reason ?? "no node is known"}.`;
  const part = all.nodes_known < all.nodes ? `, of ${all.nodes_known} of ${all.nodes} nodes` : all.lower_bound ? ", not of all that it ran on" : "";
  return `All nodes: ${energyText(all.energy_j, all.uncertainty_j)} of a test, 95 %${part}${all.lower_bound ? ": a lower bound" : ""}.${netOfNodes(all)}${sharedNodes(ranks)}`;
}

function nodes(ranks: Ranks): Child[] {
  const known = ranks.nodes.some((node) => node.energy_j !== null);
  const net = ranks.nodes.some((node) => node.net_j !== null);
  const number = (name: string, title: string, unit: string, value: (node: RankNode) => number | null): Field<RankNode> => ({
    name, title, number: true, falling: true, value, cell: (node) => el("td", { class: "n" }, numberCell(value(node), unit, name)),
  });
  const words = (name: string, title: string, value: (node: RankNode) => string): Field<RankNode> => ({
    name, title, value, cell: (node) => el("td", {}, value(node)),
  });
  const fields: Field<RankNode>[] = [
    { name: "node", title: "node", value: (node) => node.name, cell: (node) => el("th", { scope: "row" }, node.name || "unnamed") },
    number("ranks", "ranks", "", (node) => node.ranks),
  ];
  if (known)
    fields.push(
      number("energy_j", "energy of a test", "J", (node) => node.energy_j),
      number("uncertainty_j", "± (95 %)", "J", (node) => node.uncertainty_j),
      ...(net ? [number("net_j", "net of idle", "J", (node) => node.net_j), number("net_uncertainty_j", "± (95 %)", "J", (node) => node.net_uncertainty_j)] : []),
      number("mean_w", "power", "W", (node) => node.mean_w),
      words("sensor", "sensor", (node) => (node.energy_j === null ? "" : node.sensor)),
    );
  if (known && ranks.nodes.some((node) => node.energy_j === null))
    fields.push(words("reason", "no energy", (node) => (node.energy_j === null ? node.reason : "")));
  const gross = (node: RankNode): string => (node.energy_j !== null && node.net_j === null ? node.net_reason : "");
  if (known && ranks.nodes.some(gross)) fields.push(words("net_reason", "no net energy", gross));
  if (known && ranks.nodes.some((node) => node.other_cpu_s !== null))
    fields.push(
      number("busy_cpu_s", "CPU time used there", "s", (node) => node.busy_cpu_s),
      number("other_cpu_s", "by others, at least", "s", (node) => node.other_cpu_s),
    );
  if (known && ranks.nodes.some((node) => node.shared))
    fields.push(words("shared", "shared", (node) => (node.shared ? "its energy is others', too" : "")));
  const unsure = (node: RankNode): string => (node.energy_j !== null ? node.other_reason : "");
  if (known && ranks.nodes.some(unsure)) fields.push(words("other_reason", "whether shared is not known", unsure));
  return [
    el("h3", {}, "Nodes"),
    ranks.energy && el("p", { class: ranks.energy.lower_bound || ranks.energy.nodes_shared > 0 ? "warn joules" : "joules" }, sumOfNodes(ranks)),
    sortedTable({ caption: "Nodes", filter: "Filter nodes", fields, rows: ranks.nodes, text: (node) => `${node.name} ${node.sensor} ${node.reason}`, marked: (node) => ({ node: node.name }) }),
  ];
}

const kFirst = 5; // of those that stand apart

function apart(ranks: Ranks, all: Rank[]): Child[] {
  const line = (one: Ranks["apart"][number]): HTMLElement =>
    el("li", { "data-rank": one.rank }, el("strong", {}, rankName(ranks, all[one.rank]!)), `: ${one.how}; ${one.evidence.join("; ") || "nothing that was recorded tells why"}`);
  if (ranks.all_apart === 0) return [];
  const rest = ranks.apart.slice(kFirst);
  const left = ranks.all_apart - ranks.apart.length;
  return [
    el("h3", {}, "Ranks that stand apart"),
    el("ul", { class: "apart" }, ...ranks.apart.slice(0, kFirst).map(line)),
    rest.length > 0 && el("details", {}, el("summary", {}, `${ranks.all_apart - kFirst} more, less far from the median`), el("ul", { class: "apart" }, ...rest.map(line)),
      left > 0 && el("p", { class: "note" }, `And ${left} more: perfwatt show --ranks --sort apart`)),
  ];
}

export function ranksOf(recording: Recording): Child[] {
  const { ranks } = recording;
  if (!ranks) return [];
  const all = ranksFrom(ranks);
  return [
    el("p", {}, `${all.length.toLocaleString("en-US")} ranks on ${ranks.nodes.length} node${ranks.nodes.length === 1 ? "" : "s"}${ranks.launcher ? `, by ${ranks.launcher}` : ""}.`),
    spreads(ranks, all),
    ...apart(ranks, all),
    heatMap(ranks, all),
    el("h3", {}, "Each rank"),
    rankTable(ranks, all),
    ...nodes(ranks),
  ];
}
