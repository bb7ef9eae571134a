// SPDX-License-Identifier: GPL-3.0-or-later
// The counters of one execution.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "counters/plan.h"
#include "os/perf_event.h"

namespace pw {

class CounterSet {
 public:
  // Opens the events of `pass` (from 1) on the stopped child `pid`, to be enabled by its exec and inherited
  // by its threads and children. Hardware events form one group, except where the plan multiplexes. An event
  // that cannot be opened now gets a reading that says so.
  static CounterSet open(const CountingPlan& plan, int pass, pid_t pid);

  // After the child has ended. One reading per event of the pass.
  std::vector<Reading> read() const;

 private:
  struct Slot {
    int event = 0;
    std::optional<PerfEvent> counter;
    int error = 0;  // errno of a failed open
  };
  std::vector<Slot> slots_;
};

}  // namespace pw
