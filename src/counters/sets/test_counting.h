// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: plans of software events, which every machine counts, where the kernel lets us.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "counters/names/event_names.h"
#include "counters/plan/plan.h"
#include "counters/plan/resolve.h"
#include "os/command/test_pages.h"

// Ends the test where the kernel does not let us count the first event of `plan`.
#define SKIP_WHERE_NOT_COUNTED(plan)                         \
  if ((plan).events.front().event.status != CountStatus::ok) \
  GTEST_SKIP() << "SKIPPED: perf_event_open: " << (plan).events.front().event.reason

namespace pw::test {

// As this machine's kernel lets us count them.
inline CountingPlan software_plan(const std::string& list, TrialPlace place = {}) {
  KernelOpener opener(place);
  const Root root;
  return plan_passes(resolve_events(parse_events(list).value(), opener, root, counting_limits(root)), false,
                     opener);
}

inline const Reading& reading_of(const std::vector<Reading>& readings, int event) {
  for (const Reading& reading : readings)
    if (reading.event == event) return reading;
  ADD_FAILURE() << "event " << event << " has no reading";
  static const Reading none;
  return none;
}

}  // namespace pw::test
