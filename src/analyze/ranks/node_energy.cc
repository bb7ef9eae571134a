// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/node_energy.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analyze/ranks/node_net.h"
#include "analyze/ranks/node_others.h"
#include "analyze/series/series.h"
#include "model/main_channel.h"

namespace pw {
namespace {

// The leader of a node, which told of it, in each execution that counts; null: nobody did.
using Leaders = std::vector<const RankRun*>;

// By node.
std::vector<Leaders> leaders_of(const Recording& recording, const RankAnalysis& analysis) {
  const auto executions = counted_executions(recording);
  const std::vector<int> nodes = nodes_by_rank(analysis);
  std::vector<Leaders> told(analysis.nodes.size(), Leaders(executions.size()));
  for (std::size_t i = 0; i < executions.size(); ++i) {
    if (!executions[i]->ranks) continue;
    for (const RankRun& run : executions[i]->ranks->ranks) {
      const int node = nodes[static_cast<std::size_t>(run.rank)];
      if (!run.power.empty() && node >= 0) told[static_cast<std::size_t>(node)][i] = &run;
    }
  }
  return told;
}

// The channel that stands for a node in all its executions, as main_channel() chooses: of the whole machine,
// else the first; one with an energy before one without.
const NodePower* main_of(const Leaders& told) {
  const NodePower* best = nullptr;
  const auto grade = [](const NodePower& one) {
    return (one.energy ? 2 : 0) + (of_whole_machine(one.scope) ? 1 : 0);
  };
  for (const RankRun* const leader : told) {
    if (!leader) continue;
    for (const NodePower& one : leader->power)
      if (!best || grade(one) > grade(*best)) best = &one;
  }
  return best;
}

using NodePowers = std::vector<NodePower>;

// Of the executions, in which it is the same channel; fewer where some lacks it: `reason` says why.
NodePowers channel_in(const Leaders& told, const NodePower& main, std::string& reason) {
  NodePowers found;
  for (const RankRun* const leader : told) {
    const auto same = [&](const NodePower& one) { return same_sensor(one, main); };
    const NodePower* one = nullptr;
    if (leader)
      if (const auto at = std::ranges::find_if(leader->power, same); at != leader->power.end()) one = &*at;
    const bool known = one && one->energy;
    if (!known && reason.empty())
      reason = one && !one->reason.empty() ? one->reason : "in some execution its leader told nothing of it";
    if (known) found.push_back(*one);
  }
  return found;
}

template <class Quantity, class Told>
std::optional<Quantity> mean_of(const std::vector<Told>& all, std::optional<Quantity> Told::*what) {
  double sum = 0;
  for (const Told& one : all) {
    if (!(one.*what)) return std::nullopt;
    sum += (one.*what)->value;
  }
  return Quantity{sum / static_cast<double>(all.size())};
}

void add_net(RankNode& node, const NodeIdles& idles, const Leaders& leaders, const NodePowers& all) {
  std::vector<NodeNet> nets;
  for (std::size_t i = 0; i < all.size(); ++i) {
    nets.push_back(idles.net(*leaders[i], all[i]));
    if (node.gross_reason.empty()) node.gross_reason = nets.back().reason;
  }
  if (!node.gross_reason.empty()) return;
  node.net = mean_of(nets, &NodeNet::energy);
  node.net_uncertainty = mean_of(nets, &NodeNet::uncertainty);
  node.idle = mean_of(nets, &NodeNet::idle);
}

// An energy only where every execution has one: means of different executions cannot be added.
void fill_in(RankNode& node, const Leaders& told, const NodeIdles& idles, const RankNode& run_node) {
  const NodePower* const main = main_of(told);
  node.reason = main ? "" : "no test in which its local rank 0 told of it";
  if (!main) return;
  if (main->by_run) {
    RankNode own = run_node;
    own.name = std::move(node.name), own.ranks = std::move(node.ranks);
    node = std::move(own);
    return;
  }
  const NodePowers all = channel_in(told, *main, node.reason);
  node.sensor = sensor_name(main->source, main->channel, main->scope);
  node.whole = of_whole_machine(main->scope);
  if (!node.reason.empty()) return;
  node.energy = mean_of(all, &NodePower::energy);
  node.uncertainty = mean_of(all, &NodePower::uncertainty);
  node.power = mean_of(all, &NodePower::mean);
  add_net(node, idles, told, all);
}

// Of nodes whose sensors are independent.
struct EnergySum {
  void add(const std::optional<Joules>& one, const std::optional<Joules>& error) {
    if (!one) return;
    ++known;
    joules += one->value;
    squares += std::pow(error.value_or(Joules{}).value, 2);
    certain &= error.has_value();
  }
  std::optional<Joules> energy() const { return known > 0 ? std::optional(Joules{joules}) : std::nullopt; }
  std::optional<Joules> uncertainty() const {
    return known > 0 && certain ? std::optional(Joules{std::sqrt(squares)}) : std::nullopt;
  }

  int known = 0;
  double joules = 0, squares = 0;
  bool certain = true;
};

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

std::vector<int> nodes_by_rank(const RankAnalysis& analysis) {
  std::vector<int> nodes(analysis.rows.size(), -1);
  for (std::size_t node = 0; node < analysis.nodes.size(); ++node)
    for (const int rank : analysis.nodes[node].ranks)
      nodes[static_cast<std::size_t>(rank)] = static_cast<int>(node);
  return nodes;
}

void add_node_energies(RankAnalysis& analysis, const Recording& recording, const RankNode& run_node) {
  if (!asked(recording)) return;
  const NodeIdles idles(recording);
  JobEnergy all;
  EnergySum gross, net;
  const std::vector<Leaders> leaders = leaders_of(recording, analysis);
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    RankNode& node = analysis.nodes[i];
    fill_in(node, leaders[i], idles, run_node);
    all.lower_bound |= !node.energy || !node.whole;
    gross.add(node.energy, node.uncertainty);
    net.add(node.net, node.net_uncertainty);
  }
  add_others(analysis, recording, nodes_by_rank(analysis));
  for (const RankNode& node : analysis.nodes) all.shared += node.energy && node.shared > 0;
  for (const RankRow& row : analysis.rows) all.lower_bound |= row.place < 0;
  all.known = gross.known, all.net_known = net.known;
  all.net_lower_bound = all.lower_bound || net.known < gross.known;
  all.energy = gross.energy(), all.uncertainty = gross.uncertainty();
  all.net = net.energy(), all.net_uncertainty = net.uncertainty();
  analysis.energy = all;
}

}  // namespace pw
