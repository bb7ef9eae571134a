// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/power_stats.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

PowerSample sample_at(double seconds, SampleStatus status = SampleStatus::ok) {
  PowerSample sample;
  sample.time = to_nanoseconds({seconds});
  sample.status = status;
  return sample;
}

PowerSample watts(double seconds, double value) {
  PowerSample sample = sample_at(seconds);
  sample.watts = Watts{value};
  return sample;
}

PowerSample joules(double seconds, double value, SampleStatus status = SampleStatus::ok) {
  PowerSample sample = sample_at(seconds, status);
  sample.joules = Joules{value};
  return sample;
}

TEST(PowerStats, IntegratesWattsButNotOverAGap) {
  PowerStats stats(3);
  stats.add(watts(0, 100));
  EXPECT_DOUBLE_EQ(stats.mean()->value, 100);
  stats.add(watts(1, 200));
  stats.add(sample_at(2, SampleStatus::timeout));
  EXPECT_FALSE(stats.now());
  EXPECT_EQ(stats.status(), SampleStatus::timeout);
  stats.add(watts(10, 400));
  stats.add(watts(12, 400));
  EXPECT_DOUBLE_EQ(stats.energy().value, 150 + 800);
  EXPECT_DOUBLE_EQ(stats.watched().value, 3);
  EXPECT_DOUBLE_EQ(stats.least()->value, 100);
  EXPECT_DOUBLE_EQ(stats.most()->value, 400);
  ASSERT_EQ(stats.history().size(), 3U);
  EXPECT_FALSE(stats.history().front());
}

TEST(PowerStats, TakesPowerFromEnergyAndNoneOverAReset) {
  PowerStats stats;
  stats.add(joules(0, 1000));
  EXPECT_FALSE(stats.mean());
  stats.add(joules(2, 1100));
  EXPECT_DOUBLE_EQ(stats.now()->value, 50);
  stats.add(joules(3, 1100, SampleStatus::reset));
  stats.add(joules(4, 1150));
  EXPECT_DOUBLE_EQ(stats.energy().value, 150);
  EXPECT_DOUBLE_EQ(stats.mean()->value, 50);
}

}  // namespace
}  // namespace pw
