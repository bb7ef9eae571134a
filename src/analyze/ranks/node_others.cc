// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/node_others.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/series/series.h"

namespace pw {
namespace {

constexpr double kClearShare = 0.05;
constexpr double kTick = 0.01, kDeviations = 3;       // s
constexpr double kOfTheSystem = 0.005;                // of the node's CPUs: daemons and the kernel's threads
constexpr double kOfPerfwatt = 0.1, kOfARank = 0.05;  // s

std::string why_unknown(const RankRun& run) {
  return fmt::format("rank {} is {}: what the job itself used is not known", run.rank, to_text(run.state));
}

struct Sums {
  void add(const NodeOthers& one) {
    if (!one.others) {
      if (reason.empty()) reason = one.reason;
      return;
    }
    ++compared;
    shared += one.clear;
    busy += one.busy->value, others += one.others->value;
  }
  void put(RankNode& node, int executions) const {
    node.compared = compared, node.shared = shared;
    if (compared < executions)
      node.others_reason = reason.empty() ? "its leader did not tell of it in each execution" : reason;
    if (compared == 0) return;
    node.busy = Seconds{busy / compared};
    node.others = Seconds{others / compared};
  }

  int compared = 0, shared = 0;
  double busy = 0, others = 0;
  std::string reason;
};

}  // namespace

Seconds left_open(Seconds busy, Seconds elapsed, int cpus, int ranks) {
  return {kTick * cpus + kDeviations * std::sqrt(kTick * busy.value) + kOfTheSystem * cpus * elapsed.value +
          kOfPerfwatt + kOfARank * ranks};
}

OthersOnNodes::OthersOnNodes(const Recording& recording) : recording_(recording) {
  for (const Execution& execution : recording.executions) {
    if (!execution.ranks) continue;
    places_.resize(std::max(places_.size(), execution.ranks->ranks.size()), -1);
    for (const RankRun& run : execution.ranks->ranks)
      if (run.place >= 0) places_[static_cast<std::size_t>(run.rank)] = run.place;
  }
}

// Of a rank of which nothing came, where it was in another execution.
const std::string* OthersOnNodes::node_of(const RankRun& run) const {
  const int place = run.place >= 0 ? run.place : places_[static_cast<std::size_t>(run.rank)];
  return place < 0 ? nullptr : &recording_.rank_places[static_cast<std::size_t>(place)].node;
}

void OthersOnNodes::sum_up(const Execution& execution) {
  if (summed_ == &execution) return;
  summed_ = &execution;
  jobs_.clear();
  unknown_.clear();
  for (const RankRun& run : execution.ranks->ranks) {
    const std::string* const node = node_of(run);
    if (!node) {
      unknown_ = why_unknown(run);
      continue;
    }
    Job& job = jobs_[*node];
    ++job.ranks;
    if (run.usage)
      job.used += run.usage->user.value + run.usage->system.value;
    else if (job.unknown.empty())
      job.unknown = why_unknown(run);
  }
}

// Ranks that ran before or after their leader used some of their time outside of its: others used no less.
NodeOthers OthersOnNodes::of(const Execution& execution, const RankRun& leader) {
  NodeOthers told;
  const std::string* const node = execution.ranks ? node_of(leader) : nullptr;
  if (!leader.node_use || !node) {
    told.reason = "its leader did not tell of it";
    return told;
  }
  sum_up(execution);
  const Job& job = jobs_[*node];
  told.busy = leader.node_use->busy;
  told.reason = !told.busy ? leader.node_use->reason : job.unknown.empty() ? unknown_ : job.unknown;
  if (!told.reason.empty() || !told.busy) return told;
  told.others = Seconds{std::max(0.0, told.busy->value - job.used)};
  const Seconds open =
      left_open(*told.busy, leader.elapsed.value_or(Seconds{}), leader.node_use->cpus, job.ranks);
  told.clear = told.others->value > std::max(kClearShare * told.busy->value, open.value);
  return told;
}

void add_others(RankAnalysis& analysis, const Recording& recording, const std::vector<int>& nodes) {
  OthersOnNodes others(recording);
  std::vector<Sums> sums(analysis.nodes.size());
  int executions = 0;
  for (const Execution* const execution : counted_executions(recording)) {
    if (!execution->ranks) continue;
    ++executions;
    for (const RankRun& run : execution->ranks->ranks)
      if (const int node = nodes[static_cast<std::size_t>(run.rank)]; run.node_use && node >= 0)
        sums[static_cast<std::size_t>(node)].add(others.of(*execution, run));
  }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i].put(analysis.nodes[i], executions);
}

}  // namespace pw
