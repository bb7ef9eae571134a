// SPDX-License-Identifier: GPL-3.0-or-later
// Energy against curves whose integral is known.
#include "analyze/power/integral.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "analyze/power/test_curves.h"

namespace pw {
namespace {

using testing::HasSubstr;
using Power = std::function<double(double)>;  // watts at a time

Curve sampled(const Power& power, double from, double to, double period) {
  Curve curve{{}, {period}, 1, {period}, {}};
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
  EXPECT_DOUBLE_EQ(result.peak.value, 170);  // of the readings inside
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
  EXPECT_FALSE(integrate(Curve{{}, {1}, 1, {1}, {}}, {0}, {1}));
  const auto curve = sampled([](double) { return 100; }, 0, 5, 1);
  EXPECT_FALSE(integrate(curve, {9}, {12}));
  EXPECT_TRUE(integrate(curve, {7}, {12}));
  EXPECT_FALSE(integrate(curve, {2}, {2}));
}

// An uncertainty that covers everything is none: at 10 Hz it stays below some per cent.
TEST(Integrate, TheUncertaintyIsOfUse) {
  const auto curve = sampled([](double t) { return t < 5 || t > 15 ? 100 : 300; }, 0.03, 20, 0.1);
  const Integral result = integrate(curve, {5}, {15}).value();
  EXPECT_LT(result.uncertainty.value, 0.01 * result.energy.value);
}

Curve counted(const Power& power, double to, double period) {
  Curve curve{{}, {period}, 0.01, {period}, {}};
  for (double t = 0.05, joules = 7; t <= to; t += period) {
    curve.points.push_back({{t}, std::floor(joules * 100) / 100, {0.001}});
    joules += integral(power, t, t + period);
  }
  return curve;
}

TEST(Difference, AGapAtAnEdgeIsUncertainAndOneInsideIsNot) {
  Curve curve = counted([](double) { return 100; }, 20, 0.5);
  const double sure = difference(curve, {5}, {15})->uncertainty.value;
  Curve inner = curve;
  std::erase_if(inner.points, [](auto& point) { return point.time.value > 8 && point.time.value < 12; });
  EXPECT_DOUBLE_EQ(difference(inner, {5}, {15})->uncertainty.value, sure);
  EXPECT_LT(difference(inner, {5}, {15})->coverage, 0.7);
  std::erase_if(curve.points, [](auto& point) { return point.time.value > 3 && point.time.value < 7; });
  EXPECT_GT(difference(curve, {5}, {15})->uncertainty.value, 190);
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
  recording.samples = Samples(samples);
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
  const Curve curve = test::curve_of(recording, 0);
  EXPECT_THAT(difference(curve, {0.5}, {3.5}).error(), testing::HasSubstr("reset"));
  EXPECT_DOUBLE_EQ(difference(curve, {2}, {4})->energy.value, 200);
  EXPECT_EQ(power_curve(curve).points.size(), 3U);
}

TEST(Difference, KnowsThatASensorRenewsSlowerThanItIsRead) {
  std::vector<PowerSample> samples;
  for (int i = 0; i <= 20; ++i) samples.push_back(joules_at(i, 100 * i));
  Recording recording = counter(10, samples);
  EXPECT_LT(difference(test::curve_of(recording, 0), {2}, {18})->coverage, 0.1);
  recording.sources[0].renews = Nanoseconds{1'000'000'000};
  EXPECT_DOUBLE_EQ(difference(test::curve_of(recording, 0), {2}, {18})->coverage, 1);
}

}  // namespace
}  // namespace pw
