// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "base/units.h"
#include "regions/region_counters.h"

namespace pw {

// What a region's begin and end take here and now, together, where they read these counters of this thread;
// nothing where that cannot be measured.
std::optional<Nanoseconds> cost_of_mark(const RegionCounters& counters = {});

}  // namespace pw
