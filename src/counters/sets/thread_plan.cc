// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/thread_plan.h"

namespace pw {

CountingPlan thread_plan(const CountingPlan& plan) {
  CountingPlan threads = plan;
  threads.read_by_marks = true;
  for (Pass& pass : threads.passes)
    std::erase_if(pass.events, [&](int event) {
      const ResolvedEvent& one = plan.events[static_cast<std::size_t>(event)];
      return !one.event.software || !one.cpus.empty();
    });
  return threads;
}

}  // namespace pw
