// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/sensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "analyze/power/power_analysis.h"
#include "analyze/power/test_machine.h"
#include "model/test_samples.h"

namespace pw {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::vector<double> on_grid(double step, int count, double deviation) {
  std::mt19937_64 random(1);
  std::vector<double> values;
  for (int i = 0; i < count; ++i)
    values.push_back(std::round((100 + deviation * test::normal(random)) / step) * step);
  return values;
}

TEST(SensorStep, IsTheGridOfTheValues) {
  for (const double step : {8.0, 1.0, 0.3125, 0.1, 0.025}) {
    const SensorStep found = step_of(on_grid(step, 100, 5));
    EXPECT_NEAR(found.step, step, 1e-3 * step);
    EXPECT_TRUE(found.known);
  }
}

TEST(SensorStep, OfFineValuesIsTooSmallToSee) {
  EXPECT_EQ(step_of(on_grid(1e-9, 100, 5)).step, 0);
  EXPECT_EQ(step_of({}).step, 0);
}

// 80 W all the time: whole watts, tens of watts, or 5 % of it.
TEST(SensorStep, OfTwoValuesIsUnknownAndNotZero) {
  const SensorStep one = step_of({80, 80, 80});
  EXPECT_FALSE(one.known);
  EXPECT_DOUBLE_EQ(one.step, 4);
  const SensorStep two = step_of({80, 81, 80});
  EXPECT_FALSE(two.known);
  EXPECT_DOUBLE_EQ(two.step, 1);
}

std::vector<CurvePoint> every_second(int seconds, double renews, double (*watts)(double)) {
  std::vector<CurvePoint> points;
  for (int i = 0; i < seconds; ++i) points.push_back({{i + 0.25}, watts(std::floor(i / renews)), {}});
  return points;
}
double wave(double n) { return std::round(100 + 20 * std::sin(n)); }

TEST(SensorRenewal, OneReadingARenewalIsKept) {
  auto points = every_second(200, 20, wave);
  keep_renewed(points, {20});
  EXPECT_EQ(points.size(), 10U);
  auto constant = every_second(200, 20, [](double) { return 5.0; });
  keep_renewed(constant, {20});
  EXPECT_EQ(constant.size(), 10U);
}

// A test's own value, and what is known of the sensor.
ChannelAnalysis analysis_of(const test::Plan& plan, const test::WattSensor& sensor, test::Power load) {
  test::Random random(7);
  const test::Truth truth(plan, std::move(load), test::quiet_noise(random, plan), 0.01);
  return analyze_power(test::read_watts(random, truth, sensor)).channels[0];
}
test::Power steady(double watts) {
  return [watts](double) { return watts; };
}

// A BMC that renews the mean of 20 s every 20 s, read every second: 2801 J, which were 2178 ± 3.8.
TEST(SlowSensor, GivesTheMeanOfTheRunAndRefusesSingleTests) {
  test::Plan plan;
  plan.idle = 120, plan.length = 20, plan.tests = 4, plan.idle_watts = 40, plan.load_watts = 140.05;
  const ChannelAnalysis one = analysis_of(plan, {20, 20, 0.3, 1, 1}, steady(plan.load_watts));
  EXPECT_EQ(one.energy[1].status, EnergyStatus::not_resolvable);
  EXPECT_THAT(one.energy[1].reason, HasSubstr("run at least"));
  ASSERT_TRUE(one.values.net.value);
  EXPECT_NEAR(one.values.net.value->mean, 2001, *one.values.net.value->half_width);
  EXPECT_NEAR(one.values.gross.value->mean, 2801, *one.values.gross.value->half_width);
  EXPECT_THAT(one.values.net.reason, HasSubstr("the mean of the run as a whole"));
  EXPECT_THAT(one.doubts, Contains(HasSubstr("spreads a step of the power")));
}

// 80.4 W shown as 80: 320.449 ± 0.000 J before, for 322.05.
TEST(CoarseSensor, WholeWattsAreInTheUncertainty) {
  test::Plan plan;
  plan.idle = 10, plan.length = 4, plan.period = 0.1, plan.idle_watts = 40.2, plan.load_watts = 80.4;
  const ChannelAnalysis one = analysis_of(plan, {0, 0, 0, 1, 0, 0, 1, true}, steady(plan.load_watts));
  EXPECT_NEAR(one.energy[1].gross->value, 4 * 80.4, one.energy[1].uncertainty->value);
  EXPECT_GT(one.energy[1].uncertainty->value, 1);
}

// A load of 10 Hz read at 10 Hz: 600.5 ± 0.000 J before, for 398.9.
TEST(RandomReadings, TellALoadInStepWithThem) {
  test::Plan plan;
  plan.idle = 10, plan.length = 4, plan.period = 0.1, plan.idle_watts = 40;
  const auto square = [](double t) { return std::fmod(t, 0.1) < 0.05 ? 150.0 : 50.0; };
  test::Random random(7);
  const test::Truth truth(plan, square, test::quiet_noise(random, plan), 0.001);
  const auto one = analyze_power(test::read_watts(random, truth, {0, 0, 0, 0.1, 0, 0, 10, true})).channels[0];
  for (const EnergyRow& row : one.energy) EXPECT_NEAR(row.gross->value, 400, row.uncertainty->value);
  EXPECT_LT(one.energy[0].uncertainty->value, 0.06 * 400);
}

// One that followed two tests and then shows one value for ever.
TEST(FrozenSensor, HasNoEnergyAndSaysWhy) {
  test::Plan plan;
  plan.idle = 20, plan.length = 10, plan.pause = 10, plan.tests = 4, plan.idle_watts = 40;
  test::Random random(7);
  const test::Truth truth(plan, steady(140), test::quiet_noise(random, plan), 0.01);
  Recording recording = test::read_watts(random, truth, {0, 0, 0, 1, 1});
  test::change_each_sample(recording, [&](PowerSample& sample) {
    if (sample.time > to_nanoseconds({plan.begin(2) - 5})) sample.watts = Watts{40};
  });
  const auto one = analyze_power(recording).channels[0];
  EXPECT_TRUE(one.energy[1].gross);
  EXPECT_EQ(one.energy[2].status, EnergyStatus::no_data);
  EXPECT_THAT(one.energy[2].reason, HasSubstr("shows one value since"));
  EXPECT_FALSE(one.energy[3].gross);
}

// A steady load in tests that follow each other, in whole watts.
TEST(FrozenSensor, IsNotOneThatShowsASteadyLoad) {
  test::Plan plan;
  plan.idle = 20, plan.length = 10, plan.tests = 5, plan.idle_watts = 40;
  test::Random random(7);
  const test::Truth truth(
      plan, steady(140), [](double) { return 0.0; }, 0.01);
  const auto one = analyze_power(test::read_watts(random, truth, {0, 0, 0, 1, 1})).channels[0];
  for (const EnergyRow& row : one.energy) EXPECT_TRUE(row.gross) << row.reason;
}

// Constant by nature.
TEST(FrozenSensor, IsNotOneThatNeverMoved) {
  test::Plan plan;
  plan.idle = 20, plan.length = 10, plan.tests = 4;
  test::Random random(7);
  const test::Truth truth(plan, steady(140), test::quiet_noise(random, plan), 0.01);
  Recording recording = test::read_watts(random, truth, {0, 0, 0, 1, 1});
  test::change_each_sample(recording, [](PowerSample& sample) { sample.watts = Watts{40}; });
  const auto one = analyze_power(recording).channels[0];
  for (const EnergyRow& row : one.energy) EXPECT_TRUE(row.gross);
}

// 8211 W for 0.15 s in a window of 40 W.
TEST(IdleWindow, AGlitchIsLeftOutAndSaid) {
  test::Plan plan;
  plan.idle = 10, plan.length = 4, plan.period = 0.05, plan.idle_watts = 40;
  test::Random random(7);
  const test::Truth truth(plan, steady(140), test::quiet_noise(random, plan), 0.001);
  Recording recording = test::read_watts(random, truth, {0, 0, 0, 0.1, 0.1});
  test::change_each_sample(recording, [](PowerSample& sample) {
    if (sample.time > to_nanoseconds({5}) && sample.time < to_nanoseconds({5.15})) sample.watts = Watts{8211};
  });
  const auto one = analyze_power(recording).channels[0];
  EXPECT_NEAR(one.idle.before->level.value, 40, one.idle.before->uncertainty.value);
  EXPECT_THAT(one.doubts, Contains(HasSubstr("3 readings of up to 8211 W were left out")));
}

// True 40 W after a decay of 100 W with 0.5, 1 and 2 s: 44.0, 49.0 and 58.9 W before.
TEST(IdleWindow, AFallIsTakenOut) {
  for (const auto& [tau, most] : {std::pair(0.5, 0.5), {1.0, 0.8}, {2.0, 6.0}}) {
    std::vector<TimedWatts> values;
    test::Random random(7);
    for (double t = 0; t < 10; t += 0.1)
      values.push_back({t, 40 + 100 * std::exp(-t / tau) + 0.5 * test::normal(random)});
    const auto settling = settling_of(values);
    ASSERT_TRUE(settling) << tau;
    EXPECT_NEAR(settling->level, 40, most) << tau;
  }
}

}  // namespace
}  // namespace pw
