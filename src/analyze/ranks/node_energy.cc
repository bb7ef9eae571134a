// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/node_energy.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analyze/series/series.h"
#include "model/main_channel.h"

namespace pw {
namespace {

// What the leader of these ranks told in each execution that counts; null: nothing.
std::vector<const std::vector<NodePower>*> told_of(const Recording& recording,
                                                   const std::vector<int>& ranks) {
  std::vector<const std::vector<NodePower>*> told;
  for (const Execution* const execution : counted_executions(recording)) {
    told.push_back(nullptr);
    if (!execution->ranks) continue;
    for (const RankRun& run : execution->ranks->ranks)
      if (!run.power.empty() && std::ranges::binary_search(ranks, run.rank)) told.back() = &run.power;
  }
  return told;
}

bool same_channel(const NodePower& a, const NodePower& b) {
  return a.source == b.source && a.channel == b.channel && a.scope == b.scope;
}

// The channel that stands for a node in all its executions, as main_channel() chooses: of the whole machine,
// else the first; one with an energy before one without.
const NodePower* main_of(const std::vector<const std::vector<NodePower>*>& told) {
  const NodePower* best = nullptr;
  const auto grade = [](const NodePower& one) {
    return (one.energy ? 2 : 0) + (of_whole_machine(one.scope) ? 1 : 0);
  };
  for (const auto* const execution : told) {
    if (!execution) continue;
    for (const NodePower& one : *execution)
      if (!best || grade(one) > grade(*best)) best = &one;
  }
  return best;
}

// Of the executions, in which it is the same channel; null where one lacks it, `reason` says why.
std::vector<const NodePower*> channel_in(const std::vector<const std::vector<NodePower>*>& told,
                                         const NodePower& main, std::string& reason) {
  std::vector<const NodePower*> found;
  for (const auto* const execution : told) {
    const auto same = [&](const NodePower& one) { return same_channel(one, main); };
    const NodePower* one = nullptr;
    if (execution)
      if (const auto at = std::ranges::find_if(*execution, same); at != execution->end()) one = &*at;
    const bool known = one && one->energy;
    if (!known && reason.empty())
      reason = one && !one->reason.empty() ? one->reason : "in some execution its leader told nothing of it";
    found.push_back(known ? one : nullptr);
  }
  return found;
}

template <class Quantity>
std::optional<Quantity> mean_of(const std::vector<const NodePower*>& all,
                                std::optional<Quantity> NodePower::*what) {
  double sum = 0;
  for (const NodePower* const one : all) {
    if (!(one->*what)) return std::nullopt;
    sum += (one->*what)->value;
  }
  return Quantity{sum / static_cast<double>(all.size())};
}

// An energy only where every execution has one: means of different executions cannot be added.
void fill_in(RankNode& node, const Recording& recording, const RankNode& run_node) {
  const auto told = told_of(recording, node.ranks);
  const NodePower* const main = main_of(told);
  node.reason = main ? "" : "no test in which its local rank 0 told of it";
  if (!main) return;
  if (main->by_run) {
    RankNode own = run_node;
    own.name = std::move(node.name), own.ranks = std::move(node.ranks);
    node = std::move(own);
    return;
  }
  const auto all = channel_in(told, *main, node.reason);
  node.sensor = sensor_name(main->source, main->channel, main->scope);
  node.whole = of_whole_machine(main->scope);
  if (!node.reason.empty()) return;
  node.energy = mean_of(all, &NodePower::energy);
  node.uncertainty = mean_of(all, &NodePower::uncertainty);
  node.power = mean_of(all, &NodePower::mean);
}

bool asked(const Recording& recording) {
  return std::ranges::any_of(recording.executions, [](const Execution& execution) {
    return execution.ranks &&
           std::ranges::any_of(execution.ranks->ranks, [](const RankRun& run) { return !run.power.empty(); });
  });
}

}  // namespace

std::string sensor_name(const std::string& source, const std::string& channel, const std::string& scope) {
  return source.empty() ? "" : source + "/" + channel + (scope.empty() ? "" : ", " + scope);
}

void add_node_energies(RankAnalysis& analysis, const Recording& recording, const RankNode& run_node) {
  if (!asked(recording)) return;
  JobEnergy all;
  double joules = 0, squares = 0;
  bool certain = true;
  for (RankNode& node : analysis.nodes) {
    fill_in(node, recording, run_node);
    all.lower_bound |= !node.energy || !node.whole;
    if (!node.energy) continue;
    ++all.known;
    joules += node.energy->value;
    squares += std::pow(node.uncertainty.value_or(Joules{}).value, 2);
    certain &= node.uncertainty.has_value();
  }
  for (const RankRow& row : analysis.rows) all.lower_bound |= row.place < 0;
  if (all.known > 0) all.energy = Joules{joules};
  if (all.known > 0 && certain) all.uncertainty = Joules{std::sqrt(squares)};
  analysis.energy = all;
}

}  // namespace pw
