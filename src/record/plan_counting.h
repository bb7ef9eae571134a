// SPDX-License-Identifier: GPL-3.0-or-later
// Which passes a run takes on this machine, and what counting costs.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "counters/names/event_request.h"
#include "counters/plan/opener.h"
#include "counters/plan/plan.h"
#include "model/recording.h"
#include "record/check_run.h"

namespace pw {

// Asks this machine's kernel, at `place`.
CountingPlan plan_here(const std::vector<EventRequest>& events, bool multiplex = false,
                       const TrialPlace& place = {});

struct Counting {
  CountingPlan plan;                 // with Event::floor
  std::optional<CountingCost> cost;  // nothing: nothing can be counted
};

// Errors: Failure::not_possible for a {group} that does not fit, for events by name of which none can be
// counted, and for several passes of what happens once.
Result<Counting> plan_counting(const CheckedRun& run);

}  // namespace pw
