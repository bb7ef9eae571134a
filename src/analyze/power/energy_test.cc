// SPDX-License-Identifier: GPL-3.0-or-later
// Idle levels and the energy of executions.
#include "analyze/power/energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "analyze/power/idle.h"
#include "analyze/power/test_curves.h"
#include "model/test_samples.h"

namespace pw {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Nanoseconds at(double seconds) { return to_nanoseconds({seconds}); }

// Idle at 100 W for 14 s, four executions of 4 s and the pauses between them at `busy` watts, idle at 104 W
// for 19 s; two readings a second.
Recording with_power(double busy) {
  Recording recording;
  recording.sources = {{"dcmi", "/dev/ipmi0", false, 2.0, 0, 0, 0, 0, 0, {}}};
  recording.channels = {{0, "system", ChannelKind::instantaneous, "whole machine", 1}};
  recording.windows = {{true, at(0), at(14)}, {false, at(33), at(52)}};
  for (int i = 0; i < 104; ++i) {
    const double t = i / 2.0;
    const double watts = t >= 14 && t < 33 ? busy : t < 33 ? 100 : 104;
    recording.samples.push_back({0, at(t), at(0.001), Watts{watts}, {}, {}, SampleStatus::ok});
  }
  for (int i = 0; i < 4; ++i) {
    Execution one;
    one.test = 1 + i / 2;
    one.pass = 1 + i % 2;
    one.begin = at(14 + 5 * i);
    one.end = one.begin + at(4);
    one.items = 10;
    recording.executions.push_back(one);
  }
  return recording;
}

// The same as joules.
Recording with_joules(double busy) {
  Recording recording = with_power(busy);
  recording.channels[0].kind = ChannelKind::accumulating;
  double joules = 0;
  test::change_each_sample(recording, [&](PowerSample& sample) {
    sample.joules = Joules{joules};
    joules += sample.watts->value / 2;
    sample.watts.reset();
  });
  return recording;
}

TEST(Idle, LevelsAreInterpolatedAndTheirDriftIsKnown) {
  const IdleLevels levels = test::idle_levels(with_power(200), 0);
  EXPECT_NEAR(levels.before->level.value, 100, 1e-9);
  EXPECT_NEAR(levels.after->level.value, 104, 1e-9);
  EXPECT_NEAR(*levels.drift(), 0.04, 1e-9);
  const Seconds middle = (levels.before->at + levels.after->at) / 2;
  EXPECT_NEAR(levels.at(middle)->value, 102, 1e-9);
  EXPECT_GE(levels.uncertainty()->value, 0.95 * 2);
}

TEST(Idle, TheWayDownDoesNotCount) {
  Recording recording = with_power(200);
  test::change_each_sample(recording, [](PowerSample& sample) {
    if (sample.time > at(33) && sample.time < at(38.9)) sample.watts = Watts{150};
  });
  EXPECT_NEAR(test::idle_levels(recording, 0).after->level.value, 104, 1e-9);
}

TEST(Idle, ReadingsAtTheEdgesOfAWindowDoNotCount) {
  Recording recording = with_power(200);
  test::change_each_sample(recording, [](PowerSample& sample) {
    if (sample.time < at(0.4) || (sample.time > at(13.6) && sample.time < at(14.1)))
      sample.watts = Watts{160};
  });
  EXPECT_NEAR(test::idle_levels(recording, 0).before->level.value, 100, 1e-9);
}

TEST(Idle, OneWindowIsBetterThanNoneAndNoneIsNotZero) {
  Recording recording = with_power(200);
  recording.windows.pop_back();
  EXPECT_EQ(test::idle_levels(recording, 0).after, std::nullopt);
  EXPECT_NEAR(test::idle_levels(recording, 0).at({30})->value, 100, 1e-9);
  EXPECT_EQ(test::idle_levels(recording, 0).drift(), std::nullopt);
  recording.windows[0].end = at(0.3);
  EXPECT_EQ(test::idle_levels(recording, 0).at({30}), std::nullopt);
}

std::vector<EnergyRow> rows_of(const Recording& recording) { return test::energy_rows(recording); }

TEST(EnergyRows, GrossNetPerItem) {
  const std::vector<EnergyRow> rows = rows_of(with_power(200));
  ASSERT_EQ(rows.size(), 4U);
  const EnergyRow& row = rows[0];
  EXPECT_EQ(row.status, EnergyStatus::measured);
  EXPECT_NEAR(row.gross->value, 800, 1e-6);
  EXPECT_NEAR(row.idle->value, 101, 1);
  EXPECT_NEAR(row.net->value, row.gross->value - row.idle->value * 4, 1e-9);
  EXPECT_NEAR(row.gross_per_item->value, 80, 1e-6);
  EXPECT_GT(row.net_uncertainty->value, row.uncertainty->value);
  EXPECT_EQ(row.reason, "");
}

TEST(EnergyRows, SaysWhatCannotBeResolved) {
  Recording recording = with_power(200);
  recording.executions[0].end = recording.executions[0].begin + at(0.3);
  recording.executions[1].begin = at(100);
  recording.executions[1].end = at(102);
  recording.windows.clear();
  const std::vector<EnergyRow> rows = rows_of(recording);
  EXPECT_EQ(rows[0].status, EnergyStatus::not_resolvable);
  EXPECT_EQ(rows[0].gross, std::nullopt);
  EXPECT_THAT(rows[0].reason, HasSubstr("run at least 5 s"));
  EXPECT_EQ(rows[1].status, EnergyStatus::no_data);
  EXPECT_EQ(rows[2].net, std::nullopt);
  EXPECT_THAT(rows[2].reason, HasSubstr("no idle level"));
}

TEST(EnergyRows, NoTimeIsEnoughForWattsBelowTheSensorsSteps) {
  Recording sampled = with_power(0.4);
  sampled.executions.resize(1);
  EXPECT_THAT(rows_of(sampled)[0].reason,  // its three values stand on a grid of 4 W
              HasSubstr("however long it runs, its power is uncertain by 1.9 W"));
  Recording counted = with_joules(0.4);
  counted.channels[0].step = 0.001;
  counted.channels[0].sample_error = {0.5};
  EXPECT_THAT(rows_of(counted)[0].reason,
              HasSubstr("however long it runs, its power is uncertain by 0.47 W"));
  counted.channels[0].sample_error = {0.1};
  counted.channels[0].step = 1;
  EXPECT_THAT(rows_of(counted)[0].reason, AllOf(HasSubstr("uncertain by"), HasSubstr("run at least 38 s")));
}

TEST(EnergyRows, NoTimeIsEnoughForANetPowerBelowWhatTheSensorsStepsLeaveOpen) {
  EXPECT_THAT(rows_of(with_power(101.5))[0].reason,
              HasSubstr("however long it runs, its power is uncertain by 0.78 W"));
}

TEST(EnergyRows, NetEnergyBelowItsUncertaintyIsCalledSo) {
  const EnergyRow row = rows_of(with_power(102))[1];
  EXPECT_EQ(row.status, EnergyStatus::measured);
  EXPECT_LT(std::abs(row.net->value), row.net_uncertainty->value);
  EXPECT_THAT(row.reason, HasSubstr("smaller than its uncertainty"));
}

TEST(EnergyRows, ConstantWattsHaveANetEnergyOfZeroAndNoRoundingError) {
  Recording recording = with_power(100.3);
  test::change_each_sample(recording, [](PowerSample& sample) { sample.watts = Watts{100.3}; });
  for (const double averages :
       {0.0, 0.3, 0.7, 1.0, 1.7}) {  // s; with rounding errors of the edges that it spreads
    recording.channels[0].averages = at(averages);
    for (const EnergyRow& row : rows_of(recording)) {
      EXPECT_EQ(row.status, EnergyStatus::measured) << row.reason;
      EXPECT_EQ(row.net.value_or(Joules{1}).value, 0);
    }
  }
}

TEST(EnergyRows, AccumulatingChannelsAreDifferencesAndHaveIdleLevelsToo) {
  const EnergyRow row = rows_of(with_joules(200))[0];
  EXPECT_NEAR(row.gross->value, 800, 1e-6);
  EXPECT_EQ(row.peak, std::nullopt);
  ASSERT_TRUE(row.net);
  EXPECT_NEAR(row.net->value, 800 - 4 * 101, 8);
}

TEST(EnergyRows, ARateOfZeroAndInfiniteWattsDoNoHarm) {
  Recording recording = with_power(200);
  recording.sources[0].rate_hz = 0;
  test::change_samples(
      recording, [](auto& samples) { samples[30].watts = Watts{std::numeric_limits<double>::infinity()}; });
  const EnergyRow row = rows_of(recording)[0];
  EXPECT_NEAR(row.gross->value, 800, 1e-6);
  EXPECT_LT(row.uncertainty->value, 40);
}

}  // namespace
}  // namespace pw
