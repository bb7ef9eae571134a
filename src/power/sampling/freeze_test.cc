// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/freeze.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::HasSubstr;

std::vector<PowerSample> reading(double time, double first, double second) {
  std::vector<PowerSample> samples(2);
  samples[0].joules = Joules{first};
  samples[1].joules = Joules{second};
  samples[0].time = samples[1].time = to_nanoseconds({time});
  return samples;
}

std::vector<Channel> channels(std::int64_t refresh_ms) {
  std::vector<Channel> two(2);
  for (Channel& channel : two) channel.refresh = {refresh_ms * 1'000'000};
  return two;
}

TEST(Freeze, CountersThatAllStandStillAreAGapAndThenAReset) {
  Freeze freeze(channels(40));
  for (int i = 0; i <= 20; ++i) {
    auto still = reading(i * 0.1, 5, 7);
    EXPECT_EQ(freeze.check(still), "") << i;
    EXPECT_EQ(usable(still[0]), i <= 2) << i;  // 0.25 s
  }
  auto frozen = reading(2.1, 5, 7);
  EXPECT_THAT(freeze.check(frozen), HasSubstr("stood still for 2.1 s"));
  EXPECT_FALSE(usable(frozen[0]) || usable(frozen[1]));
  EXPECT_EQ(frozen[1].status, SampleStatus::timeout);
  frozen = reading(2.2, 5, 7);
  EXPECT_EQ(freeze.check(frozen), "");
  EXPECT_FALSE(usable(frozen[0]));
  auto back = reading(2.3, 5, 8);
  EXPECT_EQ(freeze.check(back), "");
  EXPECT_EQ(back[0].status, SampleStatus::reset);
  EXPECT_EQ(back[1].joules, Joules{8});
  back = reading(2.4, 5, 9);
  freeze.check(back);
  EXPECT_EQ(back[1].status, SampleStatus::ok);
}

TEST(Freeze, CountersThatAreLateLoseNothing) {
  Freeze freeze(channels(40));
  for (int i = 0; i <= 10; ++i) {
    auto still = reading(i * 0.1, 5, 7);
    freeze.check(still);
  }
  auto back = reading(1.1, 6, 8);
  EXPECT_EQ(freeze.check(back), "");
  EXPECT_EQ(back[0].status, SampleStatus::ok);
  EXPECT_EQ(back[0].joules, Joules{6});
}

// A GPU that is not there draws nothing.
TEST(Freeze, OneCounterThatMovesIsEnough) {
  Freeze freeze(channels(1));
  for (int i = 0; i < 100; ++i) {
    auto moving = reading(i, 0, i);
    EXPECT_EQ(freeze.check(moving), "");
    EXPECT_TRUE(usable(moving[0]));
  }
}

TEST(Freeze, CoarseCountersHaveAMinute) {
  Freeze freeze(channels(0));
  for (int i = 0; i <= 60; ++i) {
    auto still = reading(i, 3600, 0);
    EXPECT_EQ(freeze.check(still), "");
  }
  auto still = reading(61, 3600, 0);
  EXPECT_NE(freeze.check(still), "");
}

TEST(Freeze, WattsMayStandStill) {
  Freeze freeze(channels(1));
  for (int i = 0; i < 100; ++i) {
    auto watts = reading(i, 1, 1);
    watts[1].joules.reset();
    watts[1].watts = Watts{100};
    EXPECT_EQ(freeze.check(watts), "");
    EXPECT_TRUE(usable(watts[0]));
  }
}

}  // namespace
}  // namespace pw
