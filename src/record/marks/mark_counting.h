// SPDX-License-Identifier: GPL-3.0-or-later
// What the marks of one execution count, and who answers its threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "counters/sets/execution_counters.h"
#include "os/command/child.h"
#include "regions/region_requests.h"
#include "regions/region_slab.h"

namespace pw {

class MarkCounting {
 public:
  // Nothing is counted.
  explicit MarkCounting(std::string why = "") { marks_.why = std::move(why); }
  // `counters`: those of the execution. `plan` must outlive this.
  MarkCounting(RegionScope scope, const CountingPlan& plan, int pass, const ExecutionCounters& counters);
  MarkCounting(const MarkCounting&) = delete;
  MarkCounting& operator=(const MarkCounting&) = delete;

  // What the command, which has not begun, must be given (Child::give). Then requests() are to be served.
  std::vector<Handed> begin(const RegionSlab& slab);
  RegionRequests* requests() { return requests_ ? &*requests_ : nullptr; }
  const RegionCounters& marks() const { return marks_; }

 private:
  ThreadCounting open(pid_t thread) const;

  int pass_ = 1;
  CountingPlan plan_;  // of threads
  RegionCounters marks_;
  std::optional<RegionRequests> requests_;
};

// What a begin and an end take here and now, with the counters of the pass that has most events.
std::optional<Nanoseconds> price_of_mark(RegionScope scope, const CountingPlan& plan);

}  // namespace pw
