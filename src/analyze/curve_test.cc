// SPDX-License-Identifier: GPL-3.0-or-later
// Energy against curves whose integral is known.
#include "analyze/curve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <utility>

namespace pw {
namespace {

using testing::HasSubstr;
using Power = std::function<double(double)>;  // watts at a time

Curve sampled(const Power& power, double from, double to, double period) {
  Curve curve{{}, {period}, 1};
  for (int i = 0; from + i * period <= to; ++i)
    curve.points.push_back({{from + i * period}, std::round(power(from + i * period)), {0.001}});
  return curve;
}

double integral(const Power& power, double begin, double end) {
  constexpr int kSteps = 20000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) sum += power(begin + (i + 0.5) * (end - begin) / kSteps);
  return sum * (end - begin) / kSteps;
}

TEST(Integrate, ALineIsExact) {
  const auto curve = sampled([](double t) { return 100 + 10 * t; }, 0, 10, 1);
  const Integral result = integrate(curve, {2.5}, {7.5}).value();
  EXPECT_NEAR(result.energy.value, 5 * (100 + 50), 1e-9);
  EXPECT_DOUBLE_EQ(result.coverage, 1);
  EXPECT_EQ(result.inside, 5);
  EXPECT_DOUBLE_EQ(result.peak.value, 175);
}

TEST(Integrate, AGapCostsCoverageAndCertainty) {
  auto curve = sampled([](double t) { return t < 5 ? 100 : 200; }, 0, 10, 0.5);
  std::erase_if(curve.points, [](auto& point) { return point.time.value > 3 && point.time.value < 7; });
  const Integral result = integrate(curve, {1}, {9}).value();
  EXPECT_NEAR(result.coverage, 0.5, 1e-9);
  EXPECT_GE(result.uncertainty.value, 100 * 4 / 2);
  EXPECT_FALSE(integrate(curve, {4.9}, {5.0}));
}

// Where both ends of a gap are idle, the machine may have worked all through it.
TEST(Integrate, AGapMayHideWork) {
  const Power power = [](double t) { return (t > 20 && t < 30) || t > 50 ? 300 : 100; };
  auto curve = sampled(power, 0, 60, 1);
  std::erase_if(curve.points, [](auto& point) { return point.time.value > 18 && point.time.value < 32; });
  const Integral result = integrate(curve, {10}, {40}).value();
  EXPECT_LE(std::abs(result.energy.value - integral(power, 10, 40)), result.uncertainty.value);
}

TEST(Integrate, WithoutReadingsThereIsNone) {
  EXPECT_FALSE(integrate(Curve{{}, {1}, 1}, {0}, {1}));
  const auto curve = sampled([](double) { return 100; }, 0, 5, 1);
  EXPECT_FALSE(integrate(curve, {9}, {12}));
  EXPECT_TRUE(integrate(curve, {7}, {12}));
  EXPECT_FALSE(integrate(curve, {2}, {2}));
}

// How often the truth lies within the uncertainty, over many curves. `make` gives a curve from a generator;
// `lose` is the part of the readings that fail.
double share_inside(const std::function<Power(std::mt19937&)>& make, double period, double lose) {
  std::mt19937 random(20261123);
  std::uniform_real_distribution<double> uniform(0, 1);
  constexpr int kCurves = 400;
  int inside = 0;
  for (int i = 0; i < kCurves; ++i) {
    const Power power = make(random);
    Curve curve = sampled(power, -period * uniform(random), 21, period);
    std::erase_if(curve.points, [&](auto&) { return uniform(random) < lose; });
    const double begin = 3 + uniform(random), end = begin + 6 + 8 * uniform(random);
    const auto result = integrate(curve, {begin}, {end});
    if (!result) continue;
    inside += std::abs(result->energy.value - integral(power, begin, end)) <= result->uncertainty.value;
  }
  return static_cast<double>(inside) / kCurves;
}

double interpolated(const std::vector<std::pair<double, double>>& knots, double t) {
  std::size_t i = 1;
  while (i + 1 < knots.size() && knots[i].first < t) ++i;
  const auto [t0, w0] = knots[i - 1];
  const auto [t1, w1] = knots[i];
  return w0 + (w1 - w0) * (t - t0) / (t1 - t0);
}

Power ramps(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<std::pair<double, double>> knots = {{-2, 150}};
  while (knots.back().first < 22)
    knots.emplace_back(knots.back().first + 0.3 + 2 * uniform(random), 100 + 200 * uniform(random));
  return [knots](double t) { return interpolated(knots, t); };
}

// Loads that come and go at once, for 1 to 4 s.
Power steps(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<std::pair<double, double>> starts = {{-2, 150}};
  while (starts.back().first < 22)
    starts.emplace_back(starts.back().first + 1 + 3 * uniform(random), 100 + 200 * uniform(random));
  return [starts](double t) {
    double watts = starts.front().second;
    for (const auto& [from, level] : starts)
      if (from <= t) watts = level;
    return watts;
  };
}

// Idle, then the load of a test that starts and ends by itself.
Power pulse(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  const double from = 3 + uniform(random), to = from + 6 + 8 * uniform(random);
  return [=](double t) { return t > from && t < to ? 350.0 : 250.0; };
}

TEST(Integrate, TheTruthIsInsideTheUncertainty) {
  EXPECT_GE(share_inside(ramps, 0.1, 0), 0.95);
  EXPECT_GE(share_inside(ramps, 1, 0), 0.95);
  EXPECT_GE(share_inside(steps, 0.1, 0), 0.95);
  EXPECT_GE(share_inside(steps, 1, 0), 0.95);
  EXPECT_GE(share_inside(pulse, 1, 0), 0.95);
}

TEST(Integrate, TheTruthIsInsideTheUncertaintyWhereReadingsFail) {
  EXPECT_GE(share_inside(ramps, 0.5, 0.3), 0.95);
  EXPECT_GE(share_inside(steps, 0.5, 0.5), 0.95);
  EXPECT_GE(share_inside(pulse, 0.5, 0.7), 0.95);
}

// An uncertainty that covers everything is none: at 10 Hz it stays below some per cent.
TEST(Integrate, TheUncertaintyIsOfUse) {
  const auto curve = sampled([](double t) { return t < 5 || t > 15 ? 100 : 300; }, 0.03, 20, 0.1);
  const Integral result = integrate(curve, {5}, {15}).value();
  EXPECT_LT(result.uncertainty.value, 0.01 * result.energy.value);
}

Curve counted(const Power& power, double to, double period) {
  Curve curve{{}, {period}, 0.01};
  for (double t = 0.05, joules = 7; t <= to; t += period) {
    curve.points.push_back({{t}, std::floor(joules * 100) / 100, {0.001}});
    joules += integral(power, t, t + period);
  }
  return curve;
}

TEST(Difference, TheTruthIsInsideTheUncertainty) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  int inside = 0;
  constexpr int kCurves = 60;
  for (int i = 0; i < kCurves; ++i) {
    const Power power = steps(random);
    const Curve curve = counted(power, 20, 0.3);
    const double begin = 2 + uniform(random), end = begin + 2 + 8 * uniform(random);
    const Integral result = difference(curve, {begin}, {end}).value();
    inside += std::abs(result.energy.value - integral(power, begin, end)) <= result.uncertainty.value;
  }
  EXPECT_GE(inside, kCurves * 95 / 100);
}

TEST(Difference, AGapAtAnEdgeIsUncertainAndOneInsideIsNot) {
  Curve curve = counted([](double) { return 100; }, 20, 0.5);
  const double sure = difference(curve, {5}, {15})->uncertainty.value;
  Curve inner = curve;
  std::erase_if(inner.points, [](auto& point) { return point.time.value > 8 && point.time.value < 12; });
  EXPECT_DOUBLE_EQ(difference(inner, {5}, {15})->uncertainty.value, sure);
  EXPECT_LT(difference(inner, {5}, {15})->coverage, 0.7);
  std::erase_if(curve.points, [](auto& point) { return point.time.value > 3 && point.time.value < 7; });
  EXPECT_GT(difference(curve, {5}, {15})->uncertainty.value, 300);
}

TEST(Difference, SaysWhyThereIsNone) {
  Curve curve = counted([](double) { return 100; }, 20, 0.5);
  EXPECT_THAT(difference(curve, {15}, {25}).error(), HasSubstr("before and after"));
  curve.points[20].value = 0;
  EXPECT_THAT(difference(curve, {5}, {15}).error(), HasSubstr("went back"));
}

Recording counter(double rate_hz, std::vector<PowerSample> samples) {
  Recording recording;
  recording.sources.resize(1);
  recording.sources[0].rate_hz = rate_hz;
  recording.channels.resize(1);
  recording.channels[0].kind = ChannelKind::accumulating;
  recording.samples = std::move(samples);
  return recording;
}

PowerSample joules_at(double seconds, double value, SampleStatus status = SampleStatus::ok) {
  PowerSample sample;
  sample.time = to_nanoseconds({seconds});
  sample.joules = Joules{value};
  sample.status = status;
  return sample;
}

// The counter began anew and had passed its old value by the next reading: nothing else shows it.
TEST(Difference, IsNotMadeOverAReset) {
  const Recording recording =
      counter(1, {joules_at(0, 0), joules_at(1, 100), joules_at(2, 150, SampleStatus::reset),
                  joules_at(3, 250), joules_at(4, 350)});
  const Curve curve = curve_of(recording, 0);
  EXPECT_THAT(difference(curve, {0.5}, {3.5}).error(), testing::HasSubstr("reset"));
  EXPECT_DOUBLE_EQ(difference(curve, {2}, {4})->energy.value, 200);
  EXPECT_EQ(power_curve(recording, 0).points.size(), 3U);
}

TEST(Difference, KnowsThatASensorRenewsSlowerThanItIsRead) {
  std::vector<PowerSample> samples;
  for (int i = 0; i <= 20; ++i) samples.push_back(joules_at(i, 100 * i));
  Recording recording = counter(10, samples);
  EXPECT_LT(difference(curve_of(recording, 0), {2}, {18})->coverage, 0.1);
  recording.sources[0].renews = Nanoseconds{1'000'000'000};
  EXPECT_DOUBLE_EQ(difference(curve_of(recording, 0), {2}, {18})->coverage, 1);
}

}  // namespace
}  // namespace pw
