// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/service_clock.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pw {
namespace {

Nanoseconds at(double seconds) { return to_nanoseconds({seconds}); }

// A clock that is `ahead` of ours and told in whole seconds, in answers that take `trip`.
bool tell(ServiceClock& clock, double now, double ahead, double trip = 0.2) {
  return clock.told({std::floor(now + trip / 2 + ahead), 1}, at(now), at(now + trip));
}

TEST(ServiceClock, OneAnswerPlacesATimeWithinASecondAndTheTrip) {
  ServiceClock clock;
  EXPECT_FALSE(clock.known());
  EXPECT_FALSE(clock.moment(0, 0));
  EXPECT_FALSE(tell(clock, 100, 1e9 + 0.75));
  const auto moment = clock.moment(1e9 + 90, 1e9 + 90).value();
  EXPECT_NEAR(to_seconds(moment.doubt).value, 1.2, 1e-6);
  EXPECT_LE(std::abs(to_seconds(moment.time).value - 89.25), 0.6 + 1e-6);
}

TEST(ServiceClock, ManyAnswersNarrowIt) {
  ServiceClock clock;
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(tell(clock, 100 + 1.37 * i, 1e9 + 0.3));
  const auto moment = clock.moment(1e9 + 150, 1e9 + 152).value();
  EXPECT_LT(to_seconds(moment.doubt).value, 2.3);
  EXPECT_LE(std::abs(to_seconds(moment.time).value - 150.7), to_seconds(moment.doubt).value / 2);
}

TEST(ServiceClock, DriftIsFollowedAndASetClockIsTold) {
  ServiceClock clock;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(tell(clock, 10.0 * i, 1e9 + 50e-6 * 10 * i)) << i;
  EXPECT_TRUE(tell(clock, 10010, 1e9 + 60));
  EXPECT_FALSE(tell(clock, 10020, 1e9 + 60));
  EXPECT_NEAR(to_seconds(clock.moment(1e9 + 10080, 1e9 + 10080)->time).value, 10020, 1.2);
}

}  // namespace
}  // namespace pw
