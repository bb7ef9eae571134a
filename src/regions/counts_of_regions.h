// SPDX-License-Identifier: GPL-3.0-or-later
// From the words that marks read to counts of events.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "model/recording.h"
#include "regions/read_slab.h"
#include "regions/region_counters.h"

namespace pw {

// Of one execution.
class CountsOfRegions {
 public:
  // `readings`: of the whole execution; an event that has no value there has none in a region.
  CountsOfRegions(const RegionCounters& counters, std::span<const Reading> readings);

  // Those of the path that is the last of `regions.totals`.
  void add(const MarkedThread& thread, const MarkedPath& path, ExecutionRegions& regions);

 private:
  struct Place {
    int event = 0;
    std::size_t enabled = 0, value = 0;  // indices into the words; the time running stands behind enabled
    CountStatus status = CountStatus::ok;
    std::string reason;  // of the whole execution
  };
  static RegionCount count_of(const Place& place, const MarkedCounts& counts);
  int index_of(ExecutionRegions& regions, const std::string& reason);
  RegionScope scope_;
  std::map<std::string, int> reasons_;
  std::vector<Place> places_;
};

}  // namespace pw
