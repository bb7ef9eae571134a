// SPDX-License-Identifier: GPL-3.0-or-later
// Which events are counted together, and why not all of them.
#pragma once

#include <vector>

#include "counters/opener.h"
#include "counters/resolve.h"
#include "model/recording.h"

namespace pw {

struct CountingPlan {
  std::vector<ResolvedEvent> events;  // with Event::passes filled in
  std::vector<Pass> passes;           // at least one, maybe without events
  bool multiplex = false;
};

// Software events, cycles and instructions ride in every pass; the other hardware events are spread over the
// fewest passes that the kernel accepts. An event that does not even run alone becomes not-counted. With
// `multiplex` all are in one pass and the kernel takes turns.
CountingPlan plan_passes(std::vector<ResolvedEvent> events, bool multiplex, Opener& opener);

}  // namespace pw
