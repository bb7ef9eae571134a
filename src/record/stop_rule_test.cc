// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/stop_rule.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

Execution execution(int test, double seconds, std::uint64_t cycles = 0) {
  Execution one;
  one.test = test;
  one.end = to_nanoseconds({seconds});
  if (cycles > 0) one.readings = {{3, cycles, {9}, {9}, CountStatus::ok, ""}};
  return one;
}

// 10, 10.1, 9.9, 10, 10: deviation 0.0707107, times 2.7764 / √5 = 0.087798, which is 0.878 % of 10.
TEST(StopRule, NeedsFiveTestsAndANarrowInterval) {
  StopWatch watch({"elapsed", std::nullopt, 0.01});
  EXPECT_FALSE(watch.width());
  EXPECT_EQ(watch.text(),
            "the 95 % interval of elapsed is unknown after 0 tests, --stop-when asks for ± 1 %");
  for (const double seconds : {10.0, 10.1, 9.9, 10.0}) watch.add(execution(watch.tests() + 1, seconds));
  EXPECT_FALSE(watch.reached());
  watch.add(execution(5, 10));
  EXPECT_NEAR(*watch.width(), 0.0087798, 1e-6);
  EXPECT_TRUE(watch.reached());
  EXPECT_EQ(watch.text(),
            "the 95 % interval of elapsed is ± 0.88 % after 5 tests, --stop-when asks for ± 1 %");
}

TEST(StopRule, FourEqualTestsAreNotEnough) {
  StopWatch watch({"elapsed", std::nullopt, 0.01});
  for (int test = 1; test <= 4; ++test) watch.add(execution(test, 10));
  EXPECT_EQ(watch.width(), 0);
  EXPECT_FALSE(watch.reached());
}

TEST(StopRule, TakesTheEventOverThePassesThatHaveIt) {
  StopWatch watch({"cycles", 3, 0.01});
  Execution failed = execution(1, 1, 7);
  failed.exit_status = 1;
  watch.add(failed);
  watch.add(execution(0, 1, 9));  // a warm-up
  watch.add(execution(1, 1, 100));
  watch.add(execution(1, 1));
  watch.add(execution(2, 1, 90));
  watch.add(execution(2, 1, 110));
  EXPECT_EQ(watch.tests(), 2);
  EXPECT_EQ(watch.width(), 0);
}

TEST(StopRule, AMeanOfZeroHasNoWidth) {
  StopWatch watch({"elapsed", std::nullopt, 0.5});
  for (int test = 1; test <= 6; ++test) watch.add(execution(test, 0));
  EXPECT_FALSE(watch.width());
  EXPECT_FALSE(watch.reached());
}

}  // namespace
}  // namespace pw
