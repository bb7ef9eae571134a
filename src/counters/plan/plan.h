// SPDX-License-Identifier: GPL-3.0-or-later
// Which events are counted together, and why not all of them.
#pragma once

#include <string>
#include <vector>

#include "counters/plan/group_reasons.h"
#include "counters/plan/opener.h"
#include "counters/plan/resolve.h"
#include "model/recording.h"

namespace pw {

struct CountingPlan {
  std::vector<ResolvedEvent> events;  // with Event::passes filled in
  std::vector<Pass> passes;           // at least one, maybe without events
  bool multiplex = false;
  bool read_by_marks = false;    // software events form groups, too, so that few reads have all
  std::string impossible_group;  // why a {group} cannot be counted at once; "" where none is so
  FewestPossible fewest;         // the plan is the best where it has as many passes
};

// Software events, cycles and instructions ride in every pass; the other hardware events are spread over the
// fewest passes that the kernel accepts, members of a {group} together. An event that does not even run alone
// becomes not-counted. With `multiplex` all are in one pass and the kernel takes turns. `reasons` may be
// null.
CountingPlan plan_passes(std::vector<ResolvedEvent> events, bool multiplex, Opener& opener,
                         const GroupReasons* reasons = nullptr);

}  // namespace pw
