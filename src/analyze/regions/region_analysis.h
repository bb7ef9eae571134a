// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time of a command went, by what it marked.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analyze/regions/region_joules.h"
#include "analyze/series/series.h"
#include "analyze/statistics/statistics.h"
#include "model/recording.h"

namespace pw {

// A region in all threads and processes together.
struct RegionRow {
  int region = 0;    // index into Recording::regions
  int depth = 0;     // 0: within no other
  std::string path;  // region_path()
  // Over the tests, of one execution. Times in s; of several threads they add up, so that they may be longer
  // than it.
  std::optional<Statistics> seconds, own, calls, items;
  Series series = {};              // of `seconds`
  std::optional<double> mean;      // s, of one occurrence
  std::optional<double> share;     // of the elapsed time
  std::optional<double> flops;     // operations a second of the region, where what one does is known
  std::size_t logged = 0;          // occurrences that were kept, of all tests
  std::optional<double> p50, p99;  // s, of those
  bool below_floor = false;        // `mean` is not much more than what marking it costs
};

struct RegionAnalysis {
  std::vector<RegionRow>
      rows;  // what is within a region follows it; siblings in the order in which they were first seen
  std::optional<Nanoseconds> mark_cost;
  std::size_t threads = 0;  // most, of an execution
  std::vector<ChannelRegions> energy = {};
};

// A region whose mark takes more than this share of it is below the floor.
inline constexpr double kMarkShare = 0.1;

// Of executions of tests that did not fail; what an execution did not mark took 0 s in it, where it marked
// anything.
RegionAnalysis analyze_regions(const Recording& recording);

// Names with "/" between, and "\/" for one that is in a name, "\\" for its backslash; the second of a name
// among siblings is "NAME#2".
std::string region_path(const Recording& recording, int region);
std::string region_name(const Region& region);

}  // namespace pw
