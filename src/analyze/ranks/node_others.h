// SPDX-License-Identifier: GPL-3.0-or-later
// Who else used a job's node meanwhile (docs/method.md, "Others on a node").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/ranks/rank_values.h"

namespace pw {

struct NodeOthers {
  std::optional<Seconds> busy;    // that the node's processes used
  std::optional<Seconds> others;  // of it, what is not of the job's ranks, at least
  bool clear = false;             // it is more than what is left open
  std::string reason;             // why `others` is not known
};

// How much of the CPU time of a node may be nobody else's, though it is not of its ranks' commands.
Seconds left_open(Seconds busy, Seconds elapsed, int cpus, int ranks);

class OthersOnNodes {
 public:
  // `recording` must outlive this.
  explicit OthersOnNodes(const Recording& recording);

  // Of the node of `leader`, a rank of `execution`: best of all of one execution, and then of the next.
  NodeOthers of(const Execution& execution, const RankRun& leader);

 private:
  struct Job {
    double used = 0;
    int ranks = 0;
    std::string unknown;  // why it is
  };
  const std::string* node_of(const RankRun& run) const;
  void sum_up(const Execution& execution);

  const Recording& recording_;
  std::vector<int> places_;  // by rank, the last one that is known: index into Recording::rank_places; -1
  const Execution* summed_ = nullptr;
  std::map<std::string_view, Job> jobs_;  // by node
  std::string unknown_;                   // of all nodes
};

// Fills in what the nodes' leaders tell, over the executions that count. `nodes`: by rank, the index of its
// node in RankAnalysis::nodes; -1: not known.
void add_others(RankAnalysis& analysis, const Recording& recording, const std::vector<int>& nodes);

}  // namespace pw
