// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/series/series.h"
#include "analyze/statistics/statistics.h"

namespace pw {

// An event in a region, of one execution, in the event's unit; over the tests.
struct RegionEvent {
  int event = 0;                         // index into Recording::events
  std::optional<Statistics> value, own;  // own: without the regions within
  std::optional<double> per_call, per_item;
  std::optional<double> share;  // of what the whole execution counted
  bool scaled = false;          // it was counted a part of the time
  bool beside = false;          // with the events of other threads and processes in regions of theirs
  std::string why;              // why there is none: "not-counted: ..."
};

// A metric of data/events in a region.
struct RegionMetric {
  std::string key, unit;
  std::optional<Statistics> value;      // over the tests
  bool scaled = false, beside = false;  // of its events, as in RegionEvent
  std::string why;                      // why there is none
};

// The most that a region can reach on its machine: docs/regions.md, "Roofline".
struct RegionRoof {
  double most = 0;          // operations a second
  double share = 0;         // of it that was reached
  bool memory = false;      // what is the less is what the memory delivers; else what is computed
  std::string_view number;  // whose peak: kPeakFp32, ...
  bool told = false;        // that, by the program; else it is taken to be fp32
  int threads = 1;          // of the peaks
  std::string threads_how;  // how that is known
};

constexpr std::string_view bound_text(const RegionRoof& roof) { return roof.memory ? "memory" : "compute"; }

// A region in all threads and processes together.
struct RegionRow {
  int region = 0;    // index into Recording::regions
  int depth = 0;     // 0: within no other
  std::string path;  // region_path()
  // Over the tests, of one execution. Times in s; of several threads they add up, so that they may be longer
  // than it.
  std::optional<Statistics> seconds, own, calls, items;
  Series series{};                    // of `seconds`
  std::optional<double> threads{};    // that were in it, of an execution
  std::optional<double> imbalance{};  // of several: the longest time of one over their mean
  std::optional<double> mean;         // s, of one occurrence
  std::optional<double> share;        // of the elapsed time
  std::optional<double> corrected{};  // s: the mean of `seconds` less what marking the regions within costs
  std::size_t logged = 0;             // occurrences that were kept, of all tests
  std::optional<double> p50, p99;     // s, of those
  bool below_floor = false;           // `mean` is not much more than what marking it costs
  std::optional<double> flops{};      // operations a second, where what an occurrence does is known
  std::optional<double> intensity{};  // operations a byte, likewise
  std::optional<RegionRoof> roof{};
  std::optional<double> joules{};       // of a test, on the channel that stands for them (told_channel)
  double joules_half_width = 0;         // 95 %
  bool joules_untold = false;           // it ran while that was read, and cannot be told
  std::vector<RegionEvent> counts{};    // of the events that marks counted
  std::vector<RegionMetric> metrics{};  // that these give, where they are asked for
};

}  // namespace pw
