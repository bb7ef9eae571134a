// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace pw {
namespace {

using testing::HasSubstr;
using Verdict = MeterClock::Verdict;

constexpr double kClockUnix = 1.7e9;  // when CLOCK_MONOTONIC was 0

// A machine whose clock has been set by `set` seconds.
HostClocks at(double monotonic, double set = 0) {
  return {to_nanoseconds({monotonic}), kClockUnix + monotonic + set};
}

double seconds(const MeterClock::Stamp& stamp) { return to_seconds(stamp.time).value; }

TEST(MeterClock, AStampIsBelievedUpToAMinuteLate) {
  MeterClock clock;
  EXPECT_NEAR(seconds(clock.take(kClockUnix + 100, 0.001, at(100.2))), 100, 0.001);
  EXPECT_NEAR(seconds(clock.take(kClockUnix + 101, 0.001, at(155))), 101, 0.001);
  EXPECT_EQ(clock.take(kClockUnix + 101, 0.001, at(156)).verdict, Verdict::repeated);
}

TEST(MeterClock, TheLastDigitIsCutOffNotRounded) {
  MeterClock clock;
  EXPECT_NEAR(seconds(clock.take(kClockUnix + 100, 1, at(100.9))), 100.5, 1e-6);
  EXPECT_EQ(clock.take(kClockUnix + 101, 1, at(101.01)).verdict, Verdict::good);
}

TEST(MeterClock, ThisMachinesClockSetBackAnHourChangesNoTime) {
  MeterClock clock;
  double set = 0;
  for (int i = 0; i < 100; ++i) {
    if (i == 50) set = -3600;
    const double now = 100 + i;
    const auto stamp = clock.take(kClockUnix + now + set, 0.001, at(now + 0.05, set));
    ASSERT_EQ(stamp.verdict, Verdict::good) << i;
    EXPECT_NEAR(seconds(stamp), now, 0.001) << i;
    EXPECT_EQ(stamp.warning.empty(), i != 50) << stamp.warning;
    if (i == 50) {
      EXPECT_THAT(stamp.warning, HasSubstr("set by -3600.0 s"));
    }
  }
}

// A PDU has a clock of its own.
TEST(MeterClock, ThisMachinesClockSetForwardLeavesAMetersOwnClockAlone) {
  MeterClock clock;
  for (int i = 0; i < 20; ++i) {
    const double now = 100 + i;
    const auto stamp = clock.take(kClockUnix + now, 0.001, at(now + 0.05, i < 10 ? 0 : 7200));
    EXPECT_NEAR(seconds(stamp), now, 0.001) << i;
    EXPECT_EQ(stamp.warning, "") << i;
  }
}

TEST(MeterClock, OneBadStampIsDroppedAndTheNextIsGoodAgain) {
  MeterClock clock;
  clock.take(kClockUnix + 100, 0.001, at(100.05));
  for (const double wrong : {0.0, kClockUnix + 101 + 1e6, kClockUnix + 50}) {
    const auto bad = clock.take(wrong, 0.001, at(101.05));
    EXPECT_EQ(bad.verdict, Verdict::bad) << wrong;
    EXPECT_THAT(bad.warning, HasSubstr("s off"));
    MeterClock next = clock;
    const auto good = next.take(kClockUnix + 102, 0.001, at(102.05));
    EXPECT_EQ(good.verdict, Verdict::good);
    EXPECT_NEAR(seconds(good), 102, 0.001);
    clock = MeterClock();
    clock.take(kClockUnix + 100, 0.001, at(100.05));
  }
}

TEST(MeterClock, AClockThatJumpsForGoodIsFollowed) {
  MeterClock clock;
  clock.take(kClockUnix + 100, 0.001, at(100.05));
  EXPECT_EQ(clock.take(kClockUnix + 101 + 3600, 0.001, at(101.05)).verdict, Verdict::bad);
  const auto jumped = clock.take(kClockUnix + 102 + 3600, 0.001, at(102.05));
  EXPECT_EQ(jumped.verdict, Verdict::good);
  EXPECT_NEAR(seconds(jumped), 102.05, 0.001);
  EXPECT_THAT(jumped.warning, HasSubstr("jumped by +3600.0 s"));
  const auto after = clock.take(kClockUnix + 103 + 3600, 0.001, at(103.05));
  EXPECT_NEAR(seconds(after), 103.05, 0.001);
  EXPECT_EQ(after.warning, "");
}

TEST(MeterClock, AClockThatIsWrongFromTheStartIsShifted) {
  MeterClock clock;
  EXPECT_EQ(clock.take(1000, 0.001, at(100)).verdict, Verdict::bad);
  EXPECT_NEAR(seconds(clock.take(1001, 0.001, at(101))), 101, 0.001);
  EXPECT_NEAR(seconds(clock.take(1002, 0.001, at(102))), 102, 0.001);
}

// Lines of a buffer come with the first: only the freshest tells the clock.
TEST(MeterClock, WhatIsFoundAtTheStartIsTheFreshestLinesClock) {
  for (const auto& [off, text] : {std::pair{-20.0, "its clock is 20.1 s behind: corrected"},
                                  {7.5, "its clock is 7.4 s ahead: corrected"},
                                  {3600.0, "its clock is 3599.9 s ahead: corrected"},
                                  {0.0, ""},
                                  {-0.5, ""},
                                  {0.3, ""}}) {
    MeterClock clock;
    for (const double old : {9.0, 4.0, 0.1}) clock.watch(kClockUnix + 100 - old + off, 0.001, at(100));
    EXPECT_EQ(clock.settle(at(100)), text);
    const auto stamp = clock.take(kClockUnix + 101 + off, 0.001, at(101.1));
    EXPECT_EQ(stamp.verdict, Verdict::good);
    EXPECT_NEAR(seconds(stamp), *text ? 101.1 : 101 + off, 0.01);
    EXPECT_EQ(stamp.warning, "");
  }
}

TEST(MeterClock, AFresherLineOfAnotherClockTellsItBetter) {
  MeterClock clock;
  clock.watch(kClockUnix + 78.5, 0.001, at(100));
  EXPECT_EQ(clock.settle(at(100)), "its clock is 21.5 s behind: corrected");
  EXPECT_NEAR(seconds(clock.take(kClockUnix + 82, 0.001, at(102))), 102, 0.01);  // 20 s behind
  EXPECT_NEAR(seconds(clock.take(kClockUnix + 83, 0.001, at(104))), 103, 0.01);
  EXPECT_EQ(clock.take(kClockUnix + 90, 0.001, at(105)).verdict, Verdict::bad);
}

TEST(MeterClock, AnotherClockIsNotSetWithThisMachines) {
  MeterClock clock;
  clock.watch(kClockUnix + 80, 0.001, at(100));
  clock.settle(at(100));
  const auto stamp = clock.take(kClockUnix + 81, 0.001, at(101, -20));
  EXPECT_NEAR(seconds(stamp), 101, 0.01);
  EXPECT_EQ(stamp.warning, "");
}

TEST(MeterClock, TimesNeverGoBack) {
  MeterClock clock;
  double last = 0;
  unsigned state = 1;
  for (int i = 0; i < 5000; ++i) {
    state = state * 1664525 + 1013904223;
    const double now = 100 + i * 0.5, jitter = (state >> 16) % 400 - 200.0;
    const auto stamp = clock.take(kClockUnix + now + jitter, 0.01, at(now, (state >> 8) % 3 * 50.0));
    if (stamp.verdict != Verdict::good) continue;
    EXPECT_GT(seconds(stamp), last) << i;
    EXPECT_LE(seconds(stamp), now + 1) << i;
    last = seconds(stamp);
  }
}

}  // namespace
}  // namespace pw
