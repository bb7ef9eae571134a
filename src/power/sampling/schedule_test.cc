// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/schedule.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace pw
