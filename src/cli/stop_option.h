// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "counters/names/event_names.h"
#include "model/event.h"
#include "record/stop_rule.h"

namespace pw {

// "cycles:1%" or "elapsed:0.5%"; the event must be one of `events`. StopRule::event is still open.
Result<StopRule> parse_stop(const std::string& text, const std::vector<EventRequest>& events);

// With the event's index. Fails (not possible) where the event cannot be counted here.
Result<StopRule> resolve_stop(StopRule rule, const std::vector<Event>& events);

}  // namespace pw
