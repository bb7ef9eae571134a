// SPDX-License-Identifier: GPL-3.0-or-later
// What counting itself costs and adds: an empty region of this thread, counted many times.
#pragma once

#include <optional>
#include <vector>

#include "counters/plan/plan.h"

namespace pw {

struct CountingFloor {
  std::vector<std::optional<double>>
      counts;          // by event: what 95 of 100 empty regions stay within; nothing: unknown
  Nanoseconds region;  // median time to start and stop the counters of the largest pass
  Nanoseconds read;    // median time to read them
};

CountingFloor measure_floor(const CountingPlan& plan);

// measure_floor() into Event::floor of the plan's events.
CountingFloor note_floor(CountingPlan& plan);

}  // namespace pw
