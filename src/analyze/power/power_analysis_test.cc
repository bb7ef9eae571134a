// SPDX-License-Identifier: GPL-3.0-or-later
// Lags, cross-checks and validity of a recording with two sensors of the same machine.
#include "analyze/power/power_analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analyze/power/crosscheck.h"
#include "analyze/power/lag.h"
#include "model/test_samples.h"

namespace pw {
namespace {

using testing::HasSubstr;

Nanoseconds power_at(double seconds) { return to_nanoseconds({seconds}); }

// Idle at 100 W, the tests at 300 W with a slow wave of 20 W.
double watts_at(double t) { return t > 20 && t < 50 ? 300 + 20 * std::sin(t) : 100; }

struct Sensor {
  double rate = 10;   // Hz
  double late = 0;    // s
  double factor = 1;  // of what it should show
};

void add_sensor(Recording& recording, const Sensor& sensor) {
  const int index = static_cast<int>(recording.channels.size());
  PowerSource source;
  source.name = index == 0 ? "dcmi" : "hwmon";
  source.rate_hz = sensor.rate;
  source.reads = 700;
  recording.sources.push_back(source);
  recording.channels.push_back({index,
                                "system",
                                ChannelKind::instantaneous,
                                std::string(kWholeMachine),
                                1,
                                {},
                                std::string(kMeterBmc)});
  for (int i = 0; i < 70 * sensor.rate; ++i) {
    const double t = (i + 0.3) / sensor.rate;
    const double watts = std::round(sensor.factor * watts_at(t - sensor.late));
    recording.samples.push_back(
        {index, power_at(t), power_at(0.001), Watts{watts}, {}, {}, SampleStatus::ok});
  }
}

Recording with_sensors(const std::vector<Sensor>& sensors) {
  Recording recording;
  for (const Sensor& sensor : sensors) add_sensor(recording, sensor);
  recording.windows = {{true, power_at(0), power_at(20)}, {false, power_at(50), power_at(70)}};
  for (int i = 0; i < 3; ++i) {
    Execution one;
    one.test = i + 1;
    one.begin = power_at(20 + 10 * i);
    one.end = power_at(30 + 10 * i);
    recording.executions.push_back(one);
  }
  return recording;
}

const RuleResult& rule(const PowerAnalysis& analysis, std::string_view name) {
  return *std::ranges::find(analysis.channels.at(0).validity.rules, name, &RuleResult::rule);
}

TEST(Lag, IsFoundAtTheTestsAndWidensTheUncertainty) {
  const PowerAnalysis late = analyze_power(with_sensors({{10, 1.3}}));
  ASSERT_EQ(late.channels.size(), 1);
  ASSERT_TRUE(late.channels[0].lag);
  EXPECT_NEAR(late.channels[0].lag->lag.value, 1.3, 0.1);
  EXPECT_LE(late.channels[0].lag->uncertainty.value, 0.1);
  EXPECT_TRUE(late.channels[0].lag->significant());
  const PowerAnalysis prompt = analyze_power(with_sensors({{10, 0}}));
  EXPECT_FALSE(prompt.channels.at(0).lag.value().significant());
  EXPECT_GT(late.channels[0].energy[0].uncertainty->value,
            5 * prompt.channels[0].energy[0].uncertainty->value);
  const double truth = 3000 + 20 * (std::cos(20) - std::cos(30));
  EXPECT_NEAR(late.channels[0].energy[0].gross->value, truth, late.channels[0].energy[0].uncertainty->value);
}

TEST(Lag, WithoutAStepThereIsNone) {
  Recording recording = with_sensors({{10, 0}});
  test::change_each_sample(recording, [](PowerSample& sample) { sample.watts = Watts{100}; });
  EXPECT_FALSE(analyze_power(recording).channels.at(0).lag);
}

TEST(CrossCheck, SensorsThatAgreeSaySo) {
  const auto checks = analyze_power(with_sensors({{10, 0}, {4, 0}})).cross_checks;
  ASSERT_EQ(checks.size(), 1);
  EXPECT_EQ(agreement(checks[0]), "agree");
  EXPECT_EQ(checks[0].compared, 3);
  EXPECT_NEAR(*checks[0].ratio, 1, 0.01);
  EXPECT_NEAR(checks[0].offset->value, 0, 0.1);
  EXPECT_NEAR(checks[0].lag->value, 0, 0.07);
}

TEST(CrossCheck, ASensorThatShowsAFifthMoreDiffers) {
  const auto checks = analyze_power(with_sensors({{10, 0}, {10, 0, 1.2}})).cross_checks;
  ASSERT_EQ(checks.size(), 1);
  EXPECT_EQ(agreement(checks[0]), "differ");
  EXPECT_NEAR(*checks[0].ratio, 1 / 1.2, 0.005);
  EXPECT_NEAR(checks[0].offset->value, -20, 0.1);
}

TEST(CrossCheck, TheSecondsLagIsFound) {
  const auto checks = analyze_power(with_sensors({{10, 0}, {10, 0.4}})).cross_checks;
  EXPECT_NEAR(checks.at(0).lag.value().value, 0.4, 0.03);
}

TEST(CrossCheck, OtherScopesAreNotCompared) {
  Recording recording = with_sensors({{10, 0}, {10, 0}});
  recording.channels[1].scope = "socket 0";
  EXPECT_TRUE(analyze_power(recording).cross_checks.empty());
}

TEST(Validity, EveryRuleHasItsNumber) {
  Recording recording = with_sensors({{10, 0}});
  for (Execution& one : recording.executions) one.before = one.after = {{"throttled_core", "7"}};
  const PowerAnalysis analysis = analyze_power(recording);
  for (const RuleResult& one : analysis.channels.at(0).validity.rules)
    EXPECT_EQ(one.verdict, Verdict::pass) << one.rule << ": " << one.finding;
  EXPECT_EQ(analysis.channels[0].validity.verdict(), Verdict::pass);
  EXPECT_THAT(rule(analysis, "samples").finding, HasSubstr("300 readings in 30 s"));
}

TEST(Validity, WhatBreaksARuleIsNamed) {
  Recording recording = with_sensors({{0.5, 0}});
  recording.windows.pop_back();
  recording.sources[0].missed = 70;
  recording.channels[0].scope = "";
  recording.notes = {{NoteKind::warning, power_at(25), "OCC0 throttled: PROCPWRTHROT rose by 3"}};
  const PowerAnalysis analysis = analyze_power(recording);
  for (const char* name : {"samples", "rate", "idle", "scope", "throttling", "deadlines"})
    EXPECT_EQ(rule(analysis, name).verdict, Verdict::fail) << name << ": " << rule(analysis, name).finding;
  EXPECT_EQ(rule(analysis, "drift").verdict, Verdict::unknown);
  EXPECT_EQ(analysis.channels[0].validity.verdict(), Verdict::fail);
}

TEST(SamplerCost, IsItsShareOfACpuTimesTheTestsWattsPerCpu) {
  Recording recording = with_sensors({{10, 0}});
  recording.sources[0].cpu = Seconds{0.7};
  for (Execution& one : recording.executions) one.user = Seconds{15}, one.system = Seconds{5};
  const auto costs = analyze_power(recording).samplers;
  ASSERT_EQ(costs.size(), 1);
  EXPECT_NEAR(costs[0].cpus.value(), 0.01, 0.0002);
  EXPECT_NEAR(costs[0].watts.value().value, 0.01 * 200 / 2, 0.02);  // 200 W above idle on two CPUs
}

TEST(SamplerCost, ItsWattsAreUnknownWhereTheTestsHardlyUseACpu) {
  Recording recording = with_sensors({{10, 0}});
  for (Execution& one : recording.executions) one.user = Seconds{0.5};
  EXPECT_FALSE(analyze_power(recording).samplers.at(0).watts);
}

TEST(Validity, UnknownIsNoPass) {
  const PowerAnalysis analysis = analyze_power(with_sensors({{10, 0}}));
  EXPECT_EQ(rule(analysis, "throttling").verdict, Verdict::unknown);
  EXPECT_EQ(analysis.channels.at(0).validity.verdict(), Verdict::unknown);
}

// All pairs of a stranger's thousands of channels would be millions.
TEST(CrossCheck, OfManyChannelsEachIsComparedWithTheFirst) {
  for (const auto& [count, pairs] : {std::pair{32U, 32U * 31 / 2}, {33U, 32U}, {2000U, 1999U}}) {
    Recording recording;
    for (unsigned i = 0; i < count; ++i) {
      recording.sources.emplace_back();
      Channel channel;
      channel.source = static_cast<int>(i);
      channel.scope = "socket 0";
      recording.channels.push_back(channel);
    }
    EXPECT_EQ(comparable_channels(recording).size(), pairs) << count;
  }
}

}  // namespace
}  // namespace pw
