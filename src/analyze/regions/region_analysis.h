// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time of a command went, by what it marked.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analyze/regions/region_joules.h"
#include "analyze/regions/region_row.h"
#include "model/recording.h"

namespace pw {

struct RegionAnalysis {
  std::vector<RegionRow>
      rows;  // what is within a region follows it; siblings in the order in which they were first seen
  std::optional<Nanoseconds> mark_cost;
  std::string scope;        // Recording::region_scope
  std::size_t threads = 0;  // most, of an execution
  std::vector<ChannelRegions> energy = {};
  std::string no_roofs = {};  // why regions whose work is known have none
};

// A region whose mark takes more than this share of it is below the floor.
inline constexpr double kMarkShare = 0.1;

// Of executions of tests that did not fail; what an execution did not mark took 0 s in it, where it marked
// anything.
RegionAnalysis analyze_regions(const Recording& recording);

// `energy`, and what the rows tell of it.
void tell_energy(RegionAnalysis& regions, std::vector<ChannelRegions> energy);

// Names with "/" between, and "\/" for one that is in a name, "\\" for its backslash; the second of a name
// among siblings is "NAME#2".
std::string region_path(const Recording& recording, int region);
std::string region_name(const Region& region);

}  // namespace pw
