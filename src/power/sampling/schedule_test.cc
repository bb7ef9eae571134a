// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/schedule.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace pw {
namespace {

constexpr Nanoseconds ms(std::int64_t n) { return {n * 1'000'000}; }

TEST(Schedule, DeadlinesAreAbsoluteHoweverLongAReadingTakes) {
  Schedule schedule(ms(5000), ms(100));
  EXPECT_EQ(schedule.next(ms(5001), true), ms(5100));
  EXPECT_EQ(schedule.next(ms(5199), true), ms(5200));
  EXPECT_EQ(schedule.next(ms(5210), true), ms(5300));
  EXPECT_EQ(schedule.missed(), 0);
}

TEST(Schedule, DeadlinesThatPassDuringAReadingAreMissedNotCaughtUp) {
  Schedule schedule(ms(0), ms(1000));
  EXPECT_EQ(schedule.next(ms(1500), true), ms(2000));
  EXPECT_EQ(schedule.missed(), 1);
  EXPECT_EQ(schedule.next(ms(5000), true), ms(6000));
  EXPECT_EQ(schedule.missed(), 4);
}

TEST(Schedule, AFailedReadingIsTriedAgainSoon) {
  Schedule slow(ms(0), ms(10'000));
  EXPECT_EQ(slow.next(ms(10), false), ms(260));
  EXPECT_EQ(slow.next(ms(270), false), ms(520));
  EXPECT_EQ(slow.next(ms(530), true), ms(10'000));
  EXPECT_EQ(slow.missed(), 0);
}

TEST(Schedule, FastSensorsThatKeepFailingAreNotFlooded) {
  Schedule fast(ms(0), ms(1));
  EXPECT_EQ(fast.next({10}, false), ms(1));
  EXPECT_EQ(fast.next(ms(1), false), ms(251));
  EXPECT_EQ(fast.next(ms(251), false), ms(501));
  EXPECT_EQ(fast.next(ms(501), true), ms(502));
  EXPECT_EQ(fast.missed(), 249 + 249);
}

// A BMC on the network.
TEST(Schedule, WhatBacksOffIsTriedLessAndLessOftenUpToAMinute) {
  Schedule schedule(ms(0), ms(1000));
  schedule.back_off();
  Nanoseconds now = ms(10);
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 11; ++i) {
    const Nanoseconds next = schedule.next(now, false);
    pauses.push_back((next - now).value / 1'000'000);
    now = next;
  }
  EXPECT_EQ(pauses,
            (std::vector<std::int64_t>{250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000}));
  EXPECT_LE(schedule.next(now, true), now + ms(1000));
  EXPECT_LE(schedule.next(now, false), now + ms(250)) << "a success resets it";
}

TEST(Schedule, RandomDeadlinesLieAnywhereInTheirSlotsAndDoNotDrift) {
  Schedule schedule(ms(-75), ms(100), 7, ms(0));
  EXPECT_GE(schedule.deadline(), ms(0));
  EXPECT_LT(schedule.deadline(), ms(25));
  std::array<int, 10> tenths{};
  for (std::int64_t slot = 1; slot <= 10'000; ++slot) {
    const Nanoseconds deadline = schedule.next(schedule.deadline(), true);
    const std::int64_t within = (deadline - ms(slot * 100 - 75)).value;
    ASSERT_GE(within, 0);
    ASSERT_LT(within, ms(100).value);
    EXPECT_EQ(schedule.slot_number(), slot);
    EXPECT_EQ(schedule.begin_of(slot), ms(slot * 100 - 75));
    ++tenths[static_cast<std::size_t>(within / ms(10).value)];
  }
  for (const int tenth : tenths) EXPECT_NEAR(tenth, 1000, 120);  // 4 standard deviations
  EXPECT_EQ(schedule.missed(), 0);
}

// A load of the sampling's own period is on for half of it: regular readings see it always on.
TEST(Schedule, NoLoadIsInStepWithRandomDeadlines) {
  Schedule schedule(ms(0), ms(1000), 1, ms(0));
  double on = 0;
  for (int i = 0; i < 4000; ++i)
    if (schedule.next(schedule.deadline(), true).value % ms(1000).value < ms(500).value) ++on;
  EXPECT_NEAR(on / 4000, 0.5, 0.032);
}

TEST(Schedule, TheSameSeedGivesTheSameDeadlines) {
  Schedule one(ms(0), ms(100), 5, ms(0)), same(ms(0), ms(100), 5, ms(0)), other(ms(0), ms(100), 6, ms(0));
  EXPECT_EQ(one.next(ms(100), true), same.next(ms(100), true));
  EXPECT_NE(one.next(ms(200), true), other.next(ms(200), true));
}

TEST(Schedule, AReadingThatLastsIntoTheNextSlotMissesItOnlyIfItLastsBeyond) {
  Schedule schedule(ms(0), ms(100), 3, ms(0));
  EXPECT_GE(schedule.next(ms(150), true), ms(150));
  EXPECT_LT(schedule.deadline(), ms(200));
  EXPECT_EQ(schedule.missed(), 0);
  EXPECT_GE(schedule.next(ms(450), true), ms(450));
  EXPECT_LT(schedule.deadline(), ms(500));
  EXPECT_EQ(schedule.missed(), 2);
}

TEST(Schedule, SlotsThatAreJoinedKeepTheirPlaces) {
  Schedule schedule(ms(0), ms(10), 3, ms(0));
  for (int i = 0; i < 25; ++i) schedule.next(schedule.deadline(), true);
  schedule.join_slots(10);
  EXPECT_EQ(schedule.slot_number(), 2);
  EXPECT_EQ(schedule.begin_of(2), ms(200));
  EXPECT_EQ(schedule.deadline().value / ms(10).value, 25);
  EXPECT_GE(schedule.next(ms(260), true), ms(300));
  EXPECT_LT(schedule.deadline(), ms(400));
}

}  // namespace
}  // namespace pw
