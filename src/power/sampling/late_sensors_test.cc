// SPDX-License-Identifier: GPL-3.0-or-later
// Channels of watts: record/recorder_late_test.
#include "power/sampling/late_sensors.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

Nanoseconds at(double seconds) { return to_nanoseconds({seconds}); }

PowerSample joules_at(double seconds) {
  PowerSample sample;
  sample.time = at(seconds);
  sample.joules = Joules{seconds};
  return sample;
}

RecordingHeader header_of(Nanoseconds averages) {
  RecordingHeader header;
  header.sources.resize(1);
  header.sources[0].rate_hz = 1;
  Channel channel;
  channel.name = "input";
  channel.kind = ChannelKind::accumulating;
  channel.averages = averages;
  header.channels.push_back(channel);
  return header;
}

TEST(LateBins, AreWaitedForUntilThatBehindTheEndHasCome) {
  LateSensors late(header_of(at(30)));
  late.edge(at(100));
  late.tests_ended();
  late.read(std::vector{joules_at(90)});
  ASSERT_TRUE(late.latest(at(105)));
  EXPECT_EQ(late.latest(at(105))->channel, "input");
  EXPECT_GT(late.latest(at(105))->by.value, 5);
  late.read(std::vector{joules_at(120)});
  EXPECT_TRUE(late.latest(at(123)));
  late.read(std::vector{joules_at(150)});
  EXPECT_FALSE(late.latest(at(153)));
}

TEST(LateBins, AreNotWaitedForForEver) {
  LateSensors late(header_of(at(30)));
  late.edge(at(100));
  ASSERT_TRUE(late.latest(at(1000)));
  EXPECT_NEAR(late.latest(at(1000))->by.value, 120, 1e-6);
  late.read(std::vector{joules_at(90)});
  EXPECT_NEAR(late.latest(at(1000))->by.value, 300, 1e-6);
  EXPECT_NEAR(late.latest(at(1000))->most.value, 300, 1e-6);
}

PowerSample watts_at(double seconds, double watts) {
  PowerSample sample;
  sample.time = at(seconds);
  sample.watts = Watts{watts};
  return sample;
}

// A launcher that starts before the idle window draws now more, now less.
TEST(LateWatts, WhatWasBeforeTheIdleWindowIsNotIdlePower) {
  RecordingHeader header = header_of({});
  header.channels[0].kind = ChannelKind::instantaneous;
  LateSensors late(header);
  for (int i = 0; i < 10; ++i) late.read(std::vector{watts_at(i, i % 2 == 0 ? 50 : 300)});
  for (int i = 10; i < 20; ++i) late.read(std::vector{watts_at(i, 100)});
  late.idle_was(at(10), at(20));
  late.edge(at(20));
  for (int i = 21; i <= 30; ++i) late.read(std::vector{watts_at(i, 200)});
  late.edge(at(30.5));
  late.tests_ended();
  for (int i = 31; i <= 40; ++i) late.read(std::vector{watts_at(i, i < 38 ? 200 : 100)});
  ASSERT_TRUE(late.latest(at(40)));
  EXPECT_NEAR(late.latest(at(40))->by.value, 2 * (38 - 30.5), 1e-6) << "half way at 38 s";
}

TEST(LateBins, ACounterThatAveragesNothingIsNotLate) {
  LateSensors late(header_of({}));
  late.edge(at(100));
  EXPECT_FALSE(late.latest(at(101)));
}

}  // namespace
}  // namespace pw
