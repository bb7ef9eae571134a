// SPDX-License-Identifier: GPL-3.0-or-later
// The counters of one execution.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "counters/plan.h"
#include "counters/target.h"
#include "counters/thread_counts.h"
#include "os/perf_event.h"

namespace pw {

// When counters start: with the exec of the stopped command, or by start().
enum class CountFrom { exec, start };

class CounterSet {
 public:
  // Opens the events of `pass` (from 1) at each place; those of a PMU of whole CPUs on its CPUs. What a
  // place's thread starts later is counted too. Hardware events of a place form one group, except where the
  // plan multiplexes (there its {groups} do). An event that cannot be opened now gets a reading that says so.
  static CounterSet open(const CountingPlan& plan, int pass, std::span<const CountPlace> places,
                         CountFrom from, bool by_thread = false);

  // Starts the counters that no exec starts, and stops every counter.
  void start() const;
  void stop() const;

  // One reading per event of the pass, summed over the places.
  std::vector<Reading> read() const;
  // The same for each part, where places or threads are told apart.
  std::vector<PartReading> read_parts() const;

  // To be called often where the threads of a command are told apart.
  void drain() const;
  bool by_thread() const { return threads_ != nullptr; }
  std::uint64_t lost_records() const { return threads_ ? threads_->lost() : 0; }

 private:
  struct Slot {
    int event = 0;
    std::size_t part = 0;  // index into parts_
    std::optional<PerfEvent> counter;
    int error = 0;  // errno of a failed open
    bool by_exec = false;
  };
  class Opening;
  Reading read_slot(const Slot& slot) const;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<std::string> parts_;
  std::unique_ptr<ThreadCounts> threads_;
  pid_t command_ = -1;              // where threads are told apart
  std::optional<PerfEvent> apart_;  // keeps the counts of threads apart
};

}  // namespace pw
