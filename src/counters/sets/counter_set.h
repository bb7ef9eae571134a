// SPDX-License-Identifier: GPL-3.0-or-later
// The counters of one execution.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "counters/plan/plan.h"
#include "counters/sets/reading_sums.h"
#include "counters/sets/target.h"
#include "os/perf_event.h"

namespace pw {

// When counters start: with the exec of the stopped command, or by start().
enum class CountFrom { exec, start };
// Whether what a thread starts counts with it.
enum class Inherit { no, yes };

class CounterSet {
 public:
  CounterSet() = default;

  // Opens the events of `pass` (from 1) at each place; with Inherit::yes those of a PMU of whole CPUs on its
  // CPUs. Hardware events of a place form one group, except where the plan multiplexes (there its {groups}
  // do). An event that cannot be opened now gets a reading that says so.
  static CounterSet open(const CountingPlan& plan, int pass, std::span<const CountPlace> places,
                         CountFrom from, Inherit inherit = Inherit::yes);

  // Starts the counters that no exec starts, and stops every counter.
  void start() const;
  void stop() const;

  // One reading per event of the pass, summed over the places.
  std::vector<Reading> read() const { return sums().readings(); }
  ReadingSums sums() const;
  // The same for each part, where places are told apart.
  std::vector<PartReading> read_parts() const;

  // Those of single threads and what they start that are read at once: CountingPlan::read_by_marks.
  const std::vector<CounterGroup>& groups() const { return groups_; }

 private:
  struct Slot {
    int event = 0;
    std::size_t part = 0;  // index into parts_
    std::optional<PerfEvent> counter;
    int error = 0;  // errno of a failed open
    bool by_exec = false;
    bool zero_is_doubtful = false;
    std::optional<PerfEvent> rising = {};  // counted beside one whose 0 is doubtful
  };
  class Opening;
  static std::string doubt(const Slot& slot, const PerfCount& count);
  static void add_slot(ReadingSums& sums, const Slot& slot);
  std::vector<Slot> slots_;
  std::vector<std::string> parts_;
  std::vector<CounterGroup> groups_;
};

}  // namespace pw
