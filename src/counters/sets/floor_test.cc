// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/floor.h"

#include <gtest/gtest.h>

#include "counters/names/event_names.h"
#include "counters/plan/resolve.h"

namespace pw {
namespace {

// Real counters of this thread, where the kernel lets us.
TEST(Floor, OfRealSoftwareEventsIsSmallAndKnown) {
  KernelOpener opener;
  const Root root;
  CountingPlan plan = plan_passes(resolve_events(parse_events("task-clock,page-faults,cycles").value(),
                                                 opener, root, counting_limits(root)),
                                  false, opener);
  if (plan.events[0].event.status != CountStatus::ok)
    GTEST_SKIP() << "SKIPPED: " << plan.events[0].event.reason;
  const CountingFloor floor = note_floor(plan);
  ASSERT_TRUE(plan.events[0].event.floor);
  EXPECT_GT(*plan.events[0].event.floor, 0);
  EXPECT_GT(floor.read.value, 0);
  EXPECT_EQ(plan.events[2].event.floor.has_value(), plan.events[2].event.status == CountStatus::ok);
}

}  // namespace
}  // namespace pw
