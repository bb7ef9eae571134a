// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/bins.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::SizeIs;

Nanoseconds at(double seconds) { return to_nanoseconds({seconds}); }

PowerBin bin(double begin, double end, std::optional<double> watts) {
  PowerBin made{at(begin), at(end), {}};
  if (watts) made.mean = Watts{*watts};
  return made;
}

std::vector<PowerSample> samples_of(const std::vector<PowerBin>& bins) {
  BinCounter counter;
  std::vector<PowerSample> samples;
  for (const PowerBin& each : bins) counter.take(each, samples);
  return samples;
}

TEST(Bins, EachAddsItsJoulesAtItsEndAndIsTakenOnce) {
  BinCounter counter;
  std::vector<PowerSample> samples;
  PowerBin first = bin(0, 30, 100);
  first.doubt = at(2);
  first.stamp = 1'000;
  first.most = 130;
  for (const PowerBin& each : {first, bin(30, 60, 200), first, bin(30, 60, 200)}) counter.take(each, samples);
  ASSERT_THAT(samples, SizeIs(3));
  EXPECT_DOUBLE_EQ(samples[0].joules->value, 0);
  EXPECT_EQ(samples[0].time, at(0));
  EXPECT_EQ(samples[0].sensor_time, std::nullopt);
  EXPECT_DOUBLE_EQ(samples[1].joules->value, 3000);
  EXPECT_EQ(samples[1].time, at(30));
  EXPECT_EQ(samples[1].read, at(2));
  EXPECT_EQ(samples[1].sensor_time, 1'000);
  EXPECT_EQ(samples[1].most, 130.0F);
  EXPECT_DOUBLE_EQ(samples[2].joules->value, 9000);
  EXPECT_EQ(counter.last(), at(60));
  for (const PowerSample& sample : samples) EXPECT_EQ(sample.status, SampleStatus::ok);
}

TEST(Bins, OneThatIsMissingIsAGapOfUnknownEnergy) {
  const auto samples = samples_of({bin(0, 30, 100), bin(60, 90, 200)});
  ASSERT_THAT(samples, SizeIs(4));
  EXPECT_EQ(samples[2].status, SampleStatus::reset);
  EXPECT_EQ(samples[2].time, at(60));
  EXPECT_DOUBLE_EQ(samples[2].joules->value, 3000);
  EXPECT_EQ(samples[3].status, SampleStatus::ok);
  EXPECT_DOUBLE_EQ(samples[3].joules->value, 9000);
}

TEST(Bins, OneWithoutAMeanIsNoValueAndNever0) {
  const auto samples = samples_of({bin(0, 30, 100), bin(30, 60, {}), bin(60, 90, 200)});
  ASSERT_THAT(samples, SizeIs(5));
  EXPECT_EQ(samples[2].status, SampleStatus::no_value);
  EXPECT_EQ(samples[2].time, at(60));
  EXPECT_FALSE(usable(samples[2]));
  EXPECT_EQ(samples[3].status, SampleStatus::reset);
  EXPECT_EQ(samples[3].time, at(60));
  EXPECT_DOUBLE_EQ(samples[4].joules->value, 9000);
}

TEST(Bins, JitterOfTheStampsNeitherLosesNorCountsTwice) {
  const auto samples = samples_of({bin(0, 30, 100), bin(31, 61, 100), bin(59.5, 89.5, 100)});
  ASSERT_THAT(samples, SizeIs(4));
  EXPECT_DOUBLE_EQ(samples[3].joules->value, 8950);
  for (std::size_t i = 1; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].status, SampleStatus::ok);
    EXPECT_GT(samples[i].time, samples[i - 1].time);
  }
}

TEST(Bins, WhatHasNoLengthIsNone) { EXPECT_THAT(samples_of({bin(30, 30, 100), bin(30, 0, 100)}), SizeIs(0)); }

TEST(Bins, TheirChannelSaysThatItAveragesAndHowSeldomItIsRenewed) {
  const Channel channel = bin_channel("input", "whole machine", at(30));
  EXPECT_EQ(channel.kind, ChannelKind::accumulating);
  EXPECT_EQ(channel.averages, at(30));
  EXPECT_EQ(channel.refresh, at(30));
}

}  // namespace
}  // namespace pw
