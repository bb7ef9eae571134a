// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/sub_readings.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

PowerSample sub_reading(double time, std::optional<double> watts) {
  PowerSample reading;
  reading.channel = 3;
  reading.time = to_nanoseconds({time});
  reading.read = {10'000};
  if (watts)
    reading.watts = Watts{*watts};
  else
    reading.status = SampleStatus::error;
  return reading;
}

TEST(SubReadings, AreOneSampleWithTheirMeanAndSpread) {
  SubReadings parts;
  for (int i = 0; i < 10; ++i) parts.add(sub_reading(i * 0.01, i % 2 == 0 ? 100 : 300));
  const auto sample = parts.take(to_nanoseconds({0.05}));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->channel, 3);
  EXPECT_EQ(sample->time, to_nanoseconds({0.05}));
  EXPECT_EQ(sample->read, Nanoseconds{10'000});
  EXPECT_NEAR(sample->watts->value, 200, 1e-9);
  EXPECT_EQ(sample->readings, 10);
  EXPECT_EQ(sample->least, 100);
  EXPECT_EQ(sample->most, 300);
  EXPECT_NEAR(sample->deviation, 105.409, 0.001);  // 100 * sqrt(10 / 9)
  EXPECT_FALSE(parts.take({}));
}

TEST(SubReadings, WhatFailedIsNoPartOfThem) {
  SubReadings parts;
  parts.add(sub_reading(0, 100));
  parts.add(sub_reading(0.01, std::nullopt));
  parts.add(sub_reading(0.02, 104));
  const auto sample = parts.take({});
  EXPECT_EQ(sample->watts, Watts{102});
  EXPECT_EQ(sample->readings, 2);
  EXPECT_EQ(sample->status, SampleStatus::ok);
}

TEST(SubReadings, WhereAllFailedItIsTheLast) {
  SubReadings parts;
  for (int i = 0; i < 3; ++i) parts.add(sub_reading(i, std::nullopt));
  const auto sample = parts.take({});
  ASSERT_TRUE(sample);
  EXPECT_FALSE(usable(*sample));
  EXPECT_EQ(sample->status, SampleStatus::error);
  EXPECT_EQ(sample->time, to_nanoseconds({2}));
}

}  // namespace
}  // namespace pw
