// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a program that marked their begin and end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/event.h"

namespace pw {

// How many there can be within each other.
inline constexpr int kDeepestRegions = 128;

// What one occurrence does, as the program says; 0 and "": not known.
struct RegionWork {
  double flops = 0;  // floating-point operations
  double bytes = 0;  // that it has to read and write
  std::string how;   // what computes it

  bool operator==(const RegionWork&) const = default;
};

// It is the same in every test, pass and process that has the same path.
struct Region {
  int parent = -1;  // index into Recording::regions, below its own; -1: none
  std::string name;
  int ordinal = 1;  // among siblings of that name, from 1
  std::string collector;
  RegionWork work = {};

  bool operator==(const Region&) const = default;
};

// What marked them: the program itself.
inline constexpr const char* kMarksCollector = "marks";

struct RegionThread {
  int process = 0, thread = 0;  // their numbers
  std::string name;
  std::int64_t dropped = 0;  // occurrences that are in no log
  // All that ended before are in the log; of later ones some of each region, drawn by chance. Nothing: all
  // are.
  std::optional<Nanoseconds> complete_until = {};

  bool operator==(const RegionThread&) const = default;
};

// All occurrences of a region in a thread that have ended.
struct RegionTotal {
  int thread = 0;  // index into ExecutionRegions::threads
  int region = 0;  // index into Recording::regions
  std::int64_t calls = 0;
  double items = 0;
  Nanoseconds total, own;  // own: without the regions within

  bool operator==(const RegionTotal&) const = default;
};

// One occurrence, of those that were kept.
struct RegionOccurrence {
  int thread = 0, region = 0;  // as of RegionTotal
  Nanoseconds begin, end;      // CLOCK_MONOTONIC

  bool operator==(const RegionOccurrence&) const = default;
};

// What an event counted in all of them.
struct RegionCount {
  int total = 0;            // index into ExecutionRegions::totals
  int event = 0;            // index into Recording::events
  std::uint64_t value = 0;  // unscaled
  std::uint64_t own = 0;    // without the regions within
  Nanoseconds enabled, running;
  CountStatus status = CountStatus::ok;
  int reason = -1;  // index into ExecutionRegions::reasons; also of ok and scaled: what else is in it

  bool operator==(const RegionCount&) const = default;
};

// What an execution marked.
struct ExecutionRegions {
  std::vector<RegionThread> threads;
  std::vector<RegionTotal> totals;
  std::vector<RegionOccurrence> log;  // by thread, in the order of their begins
  std::vector<RegionCount> counts{};  // by total
  std::vector<std::string> reasons{};

  bool operator==(const ExecutionRegions&) const = default;
};

}  // namespace pw
