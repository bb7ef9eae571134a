// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/freeze.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace pw {
namespace {

using testing::HasSubstr;

Channel counter(std::int64_t refresh_ms, double step) {
  Channel channel;
  channel.kind = ChannelKind::accumulating;
  channel.refresh = {refresh_ms * 1'000'000};
  channel.step = step;
  return channel;
}

// What became of one channel's readings.
struct Watched {
  Freeze freeze;
  std::vector<PowerSample> readings;
  std::string said;

  void read(double time, double joules, SampleStatus status = SampleStatus::ok) {
    PowerSample sample;
    sample.time = to_nanoseconds({time});
    sample.joules = Joules{joules};
    sample.status = status;
    said += freeze.take(sample, {}, readings);
  }
  // Ten readings a second of 100 W, for 3 s, the last at 3.0; what it shows then.
  double draw() {
    for (int i = 0; i <= 30; ++i) read(i * 0.1, i * 10);
    return 300;
  }
  // Of one value, from one tenth of a second to another.
  void stand(int first, int last, double joules) {
    for (int i = first; i <= last; ++i) read(i * 0.1, joules);
  }
  int count(SampleStatus status) const {
    return static_cast<int>(std::ranges::count(readings, status, &PowerSample::status));
  }
  bool any_unchanged_value() const {
    std::optional<Joules> last;
    for (const PowerSample& sample : readings)
      if (sample.joules && std::exchange(last, sample.joules) == sample.joules) return true;
    return false;
  }
};

TEST(Freeze, ACounterThatStandsStillIsAGapAndThenAReset) {
  Watched zone{Freeze(counter(1, 6e-5)), {}, {}};
  const double joules = zone.draw();
  zone.stand(31, 50, joules);
  EXPECT_EQ(zone.said, "");
  zone.stand(51, 79, joules);
  EXPECT_THAT(zone.said, HasSubstr("stood still for 2.1 s: it counts as frozen"));
  EXPECT_EQ(zone.said.find("frozen"), zone.said.rfind("frozen"));
  zone.read(8, joules + 5);
  EXPECT_EQ(zone.readings.back().status, SampleStatus::reset);
  zone.read(8.1, joules + 15);
  EXPECT_EQ(zone.readings.back().status, SampleStatus::ok);
  EXPECT_FALSE(zone.any_unchanged_value());
  EXPECT_EQ(zone.count(SampleStatus::timeout), 49);
  EXPECT_EQ(zone.readings.size(), 31u + 49 + 2);
}

TEST(Freeze, ACounterThatIsLateLosesNothing) {
  Watched zone{Freeze(counter(1, 6e-5)), {}, {}};
  const double joules = zone.draw();
  zone.stand(31, 39, joules);
  EXPECT_FALSE(usable(zone.readings.back()));
  zone.read(4, joules + 100);
  EXPECT_EQ(zone.readings.back().status, SampleStatus::ok);
  EXPECT_EQ(zone.count(SampleStatus::reset), 0);
  EXPECT_FALSE(zone.any_unchanged_value());
}

TEST(Freeze, ASilenceThatIsNotMadeUpForIsAReset) {
  Watched zone{Freeze(counter(1, 6e-5)), {}, {}};
  const double joules = zone.draw();
  zone.stand(31, 39, joules);
  zone.read(4, joules + 10);
  EXPECT_EQ(zone.readings.back().status, SampleStatus::reset);
  EXPECT_THAT(zone.said, HasSubstr("stood still for 1.0 s: the energy meanwhile is unknown"));
}

TEST(Freeze, AShortPauseKeepsItsValues) {
  Watched zone{Freeze(counter(1, 6e-5)), {}, {}};
  const double joules = zone.draw();
  zone.read(3.1, joules);
  EXPECT_EQ(zone.readings.size(), 31u);  // the last is kept until more is known
  zone.read(3.2, joules + 20);
  EXPECT_EQ(zone.readings.size(), 33u);
  EXPECT_EQ(zone.count(SampleStatus::ok), 33);
}

// A GPU that is not there draws nothing.
TEST(Freeze, WhatNeverRoseNeverFreezes) {
  Watched gpu{Freeze(counter(1, 1e-3)), {}, {}};
  for (int i = 0; i < 1000; ++i) gpu.read(i, 0);
  EXPECT_EQ(gpu.said, "");
  EXPECT_EQ(gpu.count(SampleStatus::ok), 1000);
  EXPECT_EQ(gpu.readings.size(), 1000u);
}

// Of a joule each, at 0.5 W.
TEST(Freeze, CoarseStepsHaveTheTimeOfTen) {
  Watched meter{Freeze(counter(0, 0)), {}, {}};
  for (int i = 0; i < 200; ++i) meter.read(i * 0.1, i / 20);
  meter.stand(200, 380, 10);
  EXPECT_EQ(meter.count(SampleStatus::timeout), 0);
  EXPECT_EQ(meter.said, "");
  meter.stand(381, 420, 10);
  EXPECT_THAT(meter.said, HasSubstr("frozen"));
}

TEST(Freeze, ACounterThatIsSeldomRenewedIsNotFrozenInBetween) {
  Watched meter{Freeze(counter(0, 0.1)), {}, {}};
  for (int i = 0; i < 1000; ++i) meter.read(i * 0.1, i / 50 * 500);
  EXPECT_EQ(meter.said, "");
  EXPECT_EQ(meter.count(SampleStatus::ok), std::ssize(meter.readings));
}

TEST(Freeze, AResetThatItsReaderFoundStaysOne) {
  Watched zone{Freeze(counter(1, 6e-5)), {}, {}};
  zone.read(3.1, zone.draw(), SampleStatus::reset);
  EXPECT_EQ(zone.readings.back().status, SampleStatus::reset);
  EXPECT_EQ(zone.said, "");
}

TEST(Freeze, WattsMayStandStill) {
  Watched zone{Freeze(counter(1, 1)), {}, {}};
  for (int i = 0; i < 100; ++i) {
    PowerSample watts;
    watts.time = to_nanoseconds({i * 1.0});
    watts.watts = Watts{100};
    EXPECT_EQ(zone.freeze.take(watts, {}, zone.readings), "");
    EXPECT_TRUE(usable(zone.readings.back()));
  }
}

}  // namespace
}  // namespace pw
