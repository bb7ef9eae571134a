// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/decision_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::HasSubstr;

Execution execution_of(int variant, int test, double seconds) {
  Execution execution;
  execution.variant = variant;
  execution.test = test;
  execution.end = to_nanoseconds({seconds});
  return execution;
}

DecisionWatch watch() { return DecisionWatch({"elapsed", std::nullopt, 0.02, &kUntilDecided}); }

// Tests first to last of the first variant, and of another that takes `ratio` times as long.
void add(DecisionWatch& watch, int variant, int first, int last, double ratio) {
  for (int test = first; test <= last; ++test) {
    const double seconds = 1 + 0.1 * (test % 3), noise = 1 + 0.001 * (test % 2);
    watch.add(execution_of(0, test, seconds));
    watch.add(execution_of(variant, test, seconds * ratio * noise));
  }
}

TEST(DecisionWatch, TakesTestsOfTheSameNumberAsPairs) {
  DecisionWatch two = watch();
  const std::vector<int> all = {0, 1};
  add(two, 1, 1, 4, 1.05);
  EXPECT_FALSE(two.decided(all));  // too few
  add(two, 1, 5, 5, 1.05);
  EXPECT_TRUE(two.decided(all));
  EXPECT_EQ(
      two.text(all),
      "elapsed of 1 variant against the first after 5 tests: 1 different, 0 the same within 2 %, 0 open");
}

TEST(DecisionWatch, WaitsForEachOfTheVariants) {
  DecisionWatch three = watch();
  const std::vector<int> all = {0, 1, 2};
  for (int test = 1; test <= 8; ++test) {
    three.add(execution_of(0, test, 1));
    three.add(execution_of(1, test, 1 + 0.001 * (test % 2)));
    three.add(execution_of(2, test, test % 2 ? 1.5 : 0.7));
  }
  EXPECT_FALSE(three.decided(all));
  EXPECT_THAT(three.text(all), HasSubstr("0 different, 1 the same within 2 %, 1 open"));
  EXPECT_TRUE(three.decided(std::vector{0, 1}));
}

TEST(DecisionWatch, LeavesOutWhatIsNoPair) {
  DecisionWatch two = watch();
  add(two, 1, 1, 5, 1.05);
  Execution failed = execution_of(1, 5, 9);
  failed.exit_status = 1;
  two.add(failed);
  Execution warmup = execution_of(1, 0, 1);
  two.add(warmup);
  EXPECT_FALSE(two.decided(std::vector{0, 1}));
}

TEST(DecisionWatch, HasNothingToDecideWhereOneIsLeft) {
  EXPECT_TRUE(watch().decided(std::vector{1}));
  EXPECT_THAT(watch().text(std::vector{1}), HasSubstr("no two variants are left"));
}

}  // namespace
}  // namespace pw
