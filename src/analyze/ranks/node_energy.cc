// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/node_energy.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "analyze/series/series.h"
#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

// The channel that stands for a node, as main_channel() chooses: of the whole machine, else the first.
const NodePower& main_of(const std::vector<NodePower>& all) {
  const auto whole =
      std::ranges::find_if(all, [](const NodePower& one) { return one.scope.starts_with(kWholeMachine); });
  return whole == all.end() ? all.front() : *whole;
}

// Of the rank that leads these in that execution; null: none told anything.
const NodePower* told_in(const Execution& execution, const std::vector<int>& ranks) {
  if (!execution.ranks) return nullptr;
  for (const RankRun& run : execution.ranks->ranks)
    if (!run.power.empty() && std::ranges::binary_search(ranks, run.rank)) return &main_of(run.power);
  return nullptr;
}

using Told = std::function<std::optional<double>(const NodePower&)>;

std::optional<double> mean_over_tests(const Recording& recording, const std::vector<int>& ranks,
                                      const Told& told) {
  const Series series = series_of(recording, [&](const Execution& execution) -> std::optional<double> {
    const NodePower* const power = told_in(execution, ranks);
    return power ? told(*power) : std::nullopt;
  });
  const auto over_tests = statistics(series.values());
  return over_tests ? std::optional(over_tests->mean) : std::nullopt;
}

template <class Quantity>
std::optional<Quantity> mean_told(const Recording& recording, const std::vector<int>& ranks,
                                  std::optional<Quantity> NodePower::*what) {
  const auto mean = mean_over_tests(recording, ranks, [&](const NodePower& power) {
    return power.*what ? std::optional((power.*what)->value) : std::nullopt;
  });
  return mean ? std::optional(Quantity{*mean}) : std::nullopt;
}

std::string sensor_name(const NodePower& power) {
  if (power.source.empty()) return "";
  return power.source + "/" + power.channel + (power.scope.empty() ? "" : ", " + power.scope);
}

void fill_in(RankNode& node, const Recording& recording, const RankNode& run_node) {
  node.reason = "no test in which its local rank 0 told of it";
  bool by_run = false;
  for (const Execution* const execution : counted_executions(recording)) {
    const NodePower* const power = told_in(*execution, node.ranks);
    if (!power) continue;
    by_run = power->by_run;
    if (node.sensor.empty()) node.sensor = sensor_name(*power);
    node.reason = power->reason;
    if (!power->reason.empty()) break;
  }
  const RankNode* const source = by_run ? &run_node : nullptr;
  node.energy = source ? source->energy : mean_told(recording, node.ranks, &NodePower::energy);
  node.uncertainty = source ? source->uncertainty : mean_told(recording, node.ranks, &NodePower::uncertainty);
  node.power = source ? source->power : mean_told(recording, node.ranks, &NodePower::mean);
  if (source) node.sensor = source->sensor, node.reason = source->reason;
}

bool asked(const Recording& recording) {
  return std::ranges::any_of(recording.executions, [](const Execution& execution) {
    return execution.ranks &&
           std::ranges::any_of(execution.ranks->ranks, [](const RankRun& run) { return !run.power.empty(); });
  });
}

}  // namespace

void add_node_energies(RankAnalysis& analysis, const Recording& recording, const RankNode& run_node) {
  if (!asked(recording)) return;
  JobEnergy all;
  double squares = 0;
  for (RankNode& node : analysis.nodes) {
    fill_in(node, recording, run_node);
    if (!node.energy) continue;
    ++all.known;
    all.energy = Joules{all.energy.value_or(Joules{}).value + node.energy->value};
    squares += std::pow(node.uncertainty.value_or(Joules{}).value, 2);
  }
  if (all.energy) all.uncertainty = Joules{std::sqrt(squares)};
  analysis.energy = all;
}

}  // namespace pw
