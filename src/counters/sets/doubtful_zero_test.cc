// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/doubtful_zero.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "counters/sets/counter_set.h"
#include "counters/sets/test_counting.h"

namespace pw {
namespace {

using test::reading_of;
using testing::HasSubstr;

TEST(DoubtfulZero, IsACountOnlyWhereAnotherCounterRose) {
  EXPECT_EQ(why_no_count(5, std::nullopt), "");
  EXPECT_EQ(why_no_count(5, 0), "");
  EXPECT_EQ(why_no_count(0, 7), "");
  EXPECT_THAT(why_no_count(0, 0), HasSubstr("a counter that always rises told 0, too"));
  EXPECT_THAT(why_no_count(0, std::nullopt), HasSubstr("could be opened"));
}

// The kernel's dummy event tells 0 always, as a PMU does that is not read.
CountingPlan plan_with(std::optional<std::uint64_t> rising, bool doubtful = true) {
  CountingPlan plan;
  ResolvedEvent dummy;
  dummy.attr = PerfEvent::counting(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY);
  dummy.attr.exclude_kernel = dummy.attr.exclude_hv = 1;
  dummy.zero_is_doubtful = doubtful;
  if (rising) {
    dummy.rising = dummy.attr;
    dummy.rising->config = *rising;
  }
  plan.events = {dummy};
  plan.passes = {{{0}, ""}};
  return plan;
}

Reading counted(const CountingPlan& plan) {
  const CountPlace here{0, -1, ""};
  const CounterSet set = CounterSet::open(plan, 1, {&here, 1}, CountFrom::start);
  set.start();
  test::touch_pages(100);
  set.stop();
  return set.read().at(0);
}

TEST(DoubtfulZero, OfACounterIsNotCountedWhereTheOtherIsZeroToo) {
  SKIP_WHERE_NOT_COUNTED(test::software_plan("task-clock"));
  const Reading silent = counted(plan_with(PERF_COUNT_SW_DUMMY));
  EXPECT_EQ(silent.status, CountStatus::not_counted);
  EXPECT_THAT(silent.reason, HasSubstr("told 0, too"));
  const Reading alone = counted(plan_with(std::nullopt));
  EXPECT_EQ(alone.status, CountStatus::not_counted);
  EXPECT_THAT(alone.reason, HasSubstr("could be opened"));
}

TEST(DoubtfulZero, OfACounterCountsWhereTheOtherRose) {
  SKIP_WHERE_NOT_COUNTED(test::software_plan("task-clock"));
  const Reading true_zero = counted(plan_with(PERF_COUNT_SW_TASK_CLOCK));
  EXPECT_EQ(true_zero.status, CountStatus::ok) << true_zero.reason;
  EXPECT_EQ(true_zero.value, 0U);
  EXPECT_EQ(counted(plan_with(std::nullopt, false)).status, CountStatus::ok);
}

}  // namespace
}  // namespace pw
