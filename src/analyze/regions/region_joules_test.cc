// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_joules.h"

#include <gmock/gmock.h>

#include <cmath>

#include "analyze/regions/stretches.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Nanoseconds at(double seconds) { return to_nanoseconds(Seconds{seconds}); }

std::vector<std::tuple<int, double, double>> told(const std::vector<RegionStretch>& stretches) {
  std::vector<std::tuple<int, double, double>> all;
  for (const RegionStretch& one : stretches) all.emplace_back(one.region, one.begin.value, one.end.value);
  return all;
}

TEST(Stretches, AreWhatEachRegionRanByItself) {
  const ExecutionRegions regions{
      {{1, 1, "a", 0}},
      {},
      {{0, 0, at(1), at(9)}, {0, 1, at(2), at(4)}, {0, 2, at(3), at(4)}, {0, 1, at(5), at(6)}}};
  using Stretch = std::tuple<int, double, double>;
  EXPECT_THAT(told(stretches_of(regions, at(0), at(8))),
              ElementsAre(Stretch{0, 1, 2}, Stretch{1, 2, 3}, Stretch{2, 3, 4}, Stretch{0, 4, 5},
                          Stretch{1, 5, 6}, Stretch{0, 6, 8}));
}

// The second ends after what it began in.
TEST(Stretches, OfRegionsThatCrossAreOfTheLaterOne) {
  const ExecutionRegions regions{{{1, 1, "a", 0}}, {}, {{0, 0, at(1), at(4)}, {0, 1, at(2), at(6)}}};
  using Stretch = std::tuple<int, double, double>;
  EXPECT_THAT(told(stretches_of(regions, at(0), at(10))), ElementsAre(Stretch{0, 1, 2}, Stretch{1, 2, 6}));
}

TEST(Stretches, OfThreadsAreInTheOrderOfTime) {
  const ExecutionRegions regions{
      {{1, 1, "a", 0}, {1, 2, "b", 0}}, {}, {{0, 0, at(2), at(4)}, {1, 0, at(1), at(3)}}};
  using Stretch = std::tuple<int, double, double>;
  EXPECT_THAT(told(stretches_of(regions, at(1), at(10))), ElementsAre(Stretch{0, 0, 2}, Stretch{0, 1, 3}));
}

// A minute in which region 1 runs 3 s of 200 W, and region 2 1 s of 100 W, within region 0; the rest of 5 s
// is idle: 40 W.
Recording recording_of_turns(ChannelKind kind, double period) {
  Recording recording;
  recording.experiment.tests = 1;
  recording.regions = {{-1, "outer", 1, "marks"}, {0, "a", 1, "marks"}, {0, "b", 1, "marks"}};
  recording.sources.resize(1);
  recording.sources[0].name = "rapl";
  recording.sources[0].rate_hz = 1 / period;
  recording.channels.resize(1);
  recording.channels[0].kind = kind;
  recording.windows = {{true, at(0), at(20)}};
  Execution one;
  one.test = 1;
  one.pass = 1;
  one.begin = at(20);
  one.end = at(80);
  ExecutionRegions regions;
  regions.threads = {{1, 1, "main", 0}};
  for (double t = 20; t < 80; t += 5)
    for (const RegionOccurrence& turn :
         {RegionOccurrence{0, 0, at(t), at(t + 4)}, {0, 1, at(t), at(t + 3)}, {0, 2, at(t + 3), at(t + 4)}})
      regions.log.push_back(turn);
  regions.totals = {
      {0, 0, 12, 0, at(48), at(0)}, {0, 1, 12, 0, at(36), at(36)}, {0, 2, 12, 0, at(12), at(12)}};
  one.regions = std::make_shared<ExecutionRegions>(regions);
  recording.executions = {one};
  double joules = 0;
  for (int i = 0; i * period <= 90; ++i) {
    const double t = i * period, in = std::fmod(t, 5);
    const double watts = t < 20 || t >= 80 ? 40 : in < 3 ? 200 : in < 4 ? 100 : 40;
    PowerSample sample;
    sample.time = at(t);
    if (kind == ChannelKind::accumulating)
      sample.joules = Joules{joules};
    else
      sample.watts = Watts{watts};
    joules += watts * period;
    recording.samples.push_back(sample);
  }
  return recording;
}

std::vector<ChannelRegions> energies(const Recording& recording) {
  return region_joules(recording, analyze_power(recording));
}

TEST(RegionJoules, AreThoseOfTheTable) {
  const auto all = energies(recording_of_turns(ChannelKind::accumulating, 0.25));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(told_channel(all), &all[0]);
  const std::vector<RegionJoules>& regions = all[0].regions;
  EXPECT_NEAR(regions.at(1).gross.value().value, 200, 0.5);
  EXPECT_NEAR(regions.at(2).gross.value().value, 100, 0.5);
  EXPECT_NEAR(regions.at(0).gross.value().value, 175, 0.5);
  EXPECT_NEAR(regions.at(1).net.value().value, 160, 1);
  EXPECT_EQ(why_no_net(all[0], regions.at(1)), "");
  EXPECT_NEAR(all[0].whole.value, 12 * 740, 1);
  EXPECT_NEAR(all[0].told.value + all[0].outside.value + all[0].untold.value, all[0].whole.value, 1e-6);
  EXPECT_NEAR(all[0].outside.value, 12 * 40, 5);
}

TEST(RegionJoules, OfWattsAreTheirSum) {
  const auto all = energies(recording_of_turns(ChannelKind::instantaneous, 0.23));
  EXPECT_NEAR(all.at(0).regions.at(1).gross.value().value, 200, 10);
}

// What came after is not in the log in order.
TEST(RegionJoules, AreOfTheTimeThatIsKnown) {
  Recording recording = recording_of_turns(ChannelKind::accumulating, 0.25);
  recording.executions[0].regions->threads[0].complete_until = at(45);
  const auto all = energies(recording);
  EXPECT_NEAR(all.at(0).whole.value, 5 * 740, 1);
  EXPECT_NEAR(all.at(0).regions.at(1).gross.value().value, 200, 1);
}

TEST(RegionJoules, OfASlowSensorAreNotTold) {
  const auto all = energies(recording_of_turns(ChannelKind::accumulating, 20));
  EXPECT_EQ(told_channel(all), nullptr);
  EXPECT_THAT(why_no_net(all.at(0), all.at(0).regions.at(1)), HasSubstr("too few"));
  EXPECT_EQ(all.at(0).regions.at(1).how(), EnergyHow::not_resolvable);
}

TEST(RegionJoules, OfNoSensorAndOfNoRegionsAreNone) {
  Recording recording = recording_of_turns(ChannelKind::accumulating, 0.25);
  recording.samples = {};
  const auto all = energies(recording);
  EXPECT_THAT(all.at(0).reason, HasSubstr("not read"));
  EXPECT_EQ(why_no_net(all.at(0), all.at(0).regions.at(0)), all.at(0).reason);
  recording.regions.clear();
  EXPECT_THAT(energies(recording), IsEmpty());
  EXPECT_EQ(told_channel({}), nullptr);
}

}  // namespace
}  // namespace pw
