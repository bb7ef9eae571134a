// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/mark_cost.h"

#include "mark/cost.h"
#include "regions/region_slab.h"

namespace pw {

std::optional<Nanoseconds> cost_of_mark(const RegionCounters& counters) {
  const std::optional<RegionSlab> slab = RegionSlab::make();
  if (slab) slab->count_here(counters);
  const std::int64_t cost = slab ? perfwatt_mark_cost_(slab->fd(), slab->stamp()) : -1;
  return cost >= 0 ? std::optional(Nanoseconds{cost}) : std::nullopt;
}

}  // namespace pw
