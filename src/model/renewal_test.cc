// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/renewal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace pw {
namespace {

PowerSample watts_at(double time, double watts) {
  PowerSample sample;
  sample.time = to_nanoseconds({time});
  sample.watts = Watts{watts};
  return sample;
}

// Readings every `period` (at random moments of it, where `random`) of a sensor that shows value(n) of its
// n-th renewal.
template <class Value>
std::vector<PowerSample> read_sensor(double seconds, double period, double renews, Value value,
                                     bool random = false) {
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> share(0, 1);
  std::vector<PowerSample> samples;
  for (double t = 0; t < seconds; t += period) {
    const double time = t + (random ? share(generator) * period : 0);
    samples.push_back(watts_at(time, value(std::floor(time / renews + 1e-9))));
  }
  return samples;
}

double noise(double n) { return 100 + std::fmod(n * 17, 41); }

TEST(Renewal, FindsHowOftenASensorIsRenewed) {
  for (const bool random : {false, true}) {
    const auto rhythm = renewal_of(read_sensor(
        40, 0.01, 1, [](double n) { return 100 + n; }, random));
    ASSERT_TRUE(rhythm);
    EXPECT_NEAR(to_seconds(*rhythm).value, 1.0, 0.01);
  }
}

// A BMC's mean of 20 s every 20 s, read at 1 Hz.
TEST(Renewal, AFewGapsAreEnoughWhereEachIsManyReadingsLong) {
  for (const bool random : {false, true}) {
    EXPECT_FALSE(renewal_of(read_sensor(60, 1, 20, noise, random)));
    const auto rhythm = renewal_of(read_sensor(105, 1, 20, noise, random));
    ASSERT_TRUE(rhythm) << random;
    EXPECT_NEAR(to_seconds(*rhythm).value, 20, 1.5);
  }
}

TEST(Renewal, AValueThatIsRenewedToTheSameIsNoLongerInterval) {
  const auto rhythm =
      renewal_of(read_sensor(200, 0.1, 2, [](double n) { return std::fmod(n, 3) == 1 ? n - 1 : n; }));
  ASSERT_TRUE(rhythm);
  EXPECT_NEAR(to_seconds(*rhythm).value, 2, 0.05);
}

TEST(Renewal, SaysNothingOfASensorThatIsAsFastAsItIsRead) {
  EXPECT_FALSE(renewal_of(read_sensor(40, 0.01, 0.01, noise)));
  EXPECT_FALSE(renewal_of(read_sensor(40, 0.1, 0.15, noise, true)));
}

TEST(Renewal, SaysNothingOfValuesThatStayOrStepNowAndThen) {
  EXPECT_FALSE(renewal_of(read_sensor(40, 0.01, 0.01, [](double) { return 100.0; })));
  const auto now_and_then = [](double n) {
    return std::fmod(std::abs(std::sin(n)) * 43758.5453, 1) > 0.7 ? 1.0 : 0.0;
  };
  EXPECT_FALSE(renewal_of(read_sensor(40, 0.01, 0.01, now_and_then)));
}

// Of 1,000 sensors that step at random, once in ten readings, few look as if they were renewed in a rhythm.
TEST(Renewal, StepsAtRandomAreNoRhythm) {
  std::mt19937_64 generator(3);
  std::bernoulli_distribution steps(0.1);
  int found = 0;
  for (int sensor = 0; sensor < 1000; ++sensor) {
    std::vector<PowerSample> samples;
    double watts = 0;
    for (int i = 0; i < 300; ++i) samples.push_back(watts_at(i, watts += steps(generator) ? 1 : 0));
    found += renewal_of(samples).has_value() ? 1 : 0;
  }
  EXPECT_LE(found, 50);
}

// A steady load of 2 s and pauses of 2 s, whole watts: its changes are the load's.
TEST(Renewal, TheLoadsRhythmIsNotTheSensors) {
  std::vector<Nanoseconds> edges;
  for (int i = 1; i < 20; ++i) edges.push_back(to_nanoseconds({i * 2.0 - 0.05}));
  const auto samples = read_sensor(40, 0.1, 2, [](double n) { return std::fmod(n, 2) == 0 ? 80.0 : 200.0; });
  EXPECT_FALSE(renewal_of(samples, edges));
  EXPECT_TRUE(renewal_of(samples));
}

TEST(Renewal, ReadingsThatAreOneSampleTellOfAChangeWithin) {
  std::vector<PowerSample> samples;
  for (int i = 0; i < 60; ++i) {
    // Renewed every 10.5 samples.
    const double first = std::floor(i / 10.5), last = std::floor((i + 0.9) / 10.5);
    PowerSample sample = watts_at(i + 0.5, (first + last) / 2);
    sample.readings = 10;
    sample.least = static_cast<float>(first);
    sample.most = static_cast<float>(last);
    samples.push_back(sample);
  }
  const auto rhythm = renewal_of(samples);
  ASSERT_TRUE(rhythm);
  EXPECT_NEAR(to_seconds(*rhythm).value, 10.5, 0.5);
}

TEST(Renewal, WhatHappensWhileReadingsFailIsUnknown) {
  auto samples = read_sensor(200, 1, 20, noise);
  for (std::size_t i = 0; i < samples.size(); i += 30) samples[i].watts.reset();
  EXPECT_FALSE(renewal_of(samples));
}

}  // namespace
}  // namespace pw
