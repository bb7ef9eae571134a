// SPDX-License-Identifier: GPL-3.0-or-later
// What the ranks of one execution are to count: the outer perfwatt planned it, for all of them alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "counters/plan/plan.h"
#include "os/root.h"

namespace pw {

// What the leader of each node is to read of its power.
struct RankPower {
  std::string sources;             // as --power has them; "": what is found there
  std::optional<double> rate_hz;   // nothing: the source's own
  std::string run_node, run_host;  // node_name() and host_name() of which perfwatt run reads the power itself
};

struct RankPlan {
  CountingPlan plan;        // of one pass
  std::vector<int> events;  // of each its index into Recording::events
  std::optional<RankPower> power = {};
};

// The events of a pass (from 1) that one process can be counted by: those of whole CPUs are no rank's.
RankPlan rank_plan(const CountingPlan& plan, int pass);

// Text of it, for other machines of the same kind.
std::string rank_plan_text(const RankPlan& plan, const Root& root);

// An event that this machine cannot know by that number (a PMU that is not here, tracepoints of another
// kernel) is not counted, with the reason. Errors (input, `where`).
Result<RankPlan> parse_rank_plan(std::string_view text, const Root& root, const std::string& where);

}  // namespace pw
