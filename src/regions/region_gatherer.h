// SPDX-License-Identifier: GPL-3.0-or-later
// The regions of every execution of a run, known by their paths.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/recording.h"
#include "regions/counts_of_regions.h"
#include "regions/read_slab.h"
#include "regions/region_counters.h"

namespace pw {

class RegionGatherer {
 public:
  // Fills Execution::regions out of a slab's content (RegionSlab::content), which is as it was left, with
  // what its marks counted; Execution::readings are there already. What was lost becomes a remark, each kind
  // once in a run. The regions that no execution had before: Recording::regions goes on with them.
  std::vector<Region> gather(std::string_view slab, const RegionCounters& counters, Execution& execution,
                             std::vector<std::string>& remarks);

 private:
  int id_of(int parent, const MarkedPath& path, std::vector<Region>& fresh);
  // `room_until`: what ended before finds room in the recording; nothing: all.
  void add(const MarkedThread& marked, std::optional<Nanoseconds> room_until, CountsOfRegions& counts,
           ExecutionRegions& regions, std::vector<Region>& fresh);

  std::map<std::tuple<int, std::string, int>, int> ids_;  // by parent, name and ordinal
  std::set<std::string> told_;
};

}  // namespace pw
