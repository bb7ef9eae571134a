// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/machine_states.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Recording three_tests() {
  Recording recording;
  for (int test = 0; test <= 3; ++test) {
    Execution one;
    one.test = test;
    one.before = {{"governor", "performance"}, {"throttled_core", "100"}, {"frequency_mean_mhz", "2400"}};
    one.after = one.before;
    recording.executions.push_back(one);
  }
  return recording;
}

TEST(MachineStates, NothingChanged) {
  EXPECT_THAT(state_changes(three_tests()), IsEmpty());
  EXPECT_THAT(state_changes(Recording()), IsEmpty());
}

TEST(MachineStates, WarmUpsDoNotCount) {
  Recording recording = three_tests();
  recording.executions[0].before = {{"governor", "powersave"}, {"throttled_core", "0"}};
  EXPECT_THAT(state_changes(recording), IsEmpty());
}

TEST(MachineStates, WhatChangedIsSaidWithNumbers) {
  Recording recording = three_tests();
  recording.executions[2].after[0].value = "powersave";
  recording.executions[2].after[1].value = "112";
  recording.executions[3].before[2].value = "2000";
  EXPECT_EQ(throttled(recording.executions[2]), 12);
  EXPECT_THAT(state_changes(recording),
              ElementsAre("the frequency governor changed: 'performance' at first, 'powersave' after test 2",
                          "the CPU was throttled: throttled_core rose by 12 in test 2",
                          "the frequency before the tests is 20.0 % apart: 2000 MHz before test 3, 2400 MHz "
                          "before test 1"));
}

TEST(MachineStates, AnEntitlementThatChangedIsSaid) {
  Recording recording = three_tests();
  for (Execution& one : recording.executions) one.before.push_back({"lparcfg_entitlement", "150"});
  recording.executions[2].before.back().value = "200";
  EXPECT_THAT(state_changes(recording), ElementsAre("the partition's entitlement, in hundredths of a core, "
                                                    "changed: '150' at first, '200' before test 2"));
}

TEST(MachineStates, UnknownIsNotZero) {
  Execution one;
  EXPECT_EQ(throttled(one), std::nullopt);
  one.before = {{"throttled_core", "5"}};
  EXPECT_EQ(throttled(one), std::nullopt);
  EXPECT_EQ(state_number({{"load_1min", "much"}}, "load_1min"), std::nullopt);
}

}  // namespace
}  // namespace pw
