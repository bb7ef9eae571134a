// SPDX-License-Identifier: GPL-3.0-or-later
// Means of 30 s, told later and stamped a little wrong (power/reader/bins.h), against power that is known.
#include <gtest/gtest.h>

#include <cmath>

#include "analyze/power/curve.h"
#include "analyze/power/integral.h"
#include "analyze/power/test_machine.h"

namespace pw {
namespace {

using namespace test;

constexpr double kBin = 30, kStamped = 2;  // s; how far a stamp may be off

// Whole watts, cut off, of the sum of two supplies.
Recording read_bins(Random& random, const Truth& truth) {
  const Plan& plan = truth.plan();
  Recording recording = recording_of(plan, ChannelKind::accumulating);
  recording.channels[0].refresh = recording.channels[0].averages = to_nanoseconds({kBin});
  recording.channels[0].sample_error = {2};
  const double clock = uniform(random, -0.5, 0.5), phase = uniform(random, 0, kBin);
  double joules = 0, last = phase;
  for (double end = phase; end < plan.all(); end += kBin) {
    const double stamp = end + clock + uniform(random, -1.5, 1.5);
    const double half = truth.mean(std::max(0.0, end - kBin), end) / 2;
    if (end > phase) joules += 2 * std::floor(half) * (stamp - last);
    last = stamp;
    PowerSample sample;
    sample.time = to_nanoseconds({stamp});
    sample.read = to_nanoseconds({2 * kStamped});
    sample.joules = Joules{joules};
    recording.samples.push_back(sample);
  }
  return recording;
}

struct Held {
  int all = 0, within = 0;
  double stated = 0;  // sum, as shares of the energies
};

Held held_by(Power (*load)(Random&, const Plan&), double length, double pause) {
  Held held;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const Plan plan{120, length, pause, 1, 3, 400, 1100};
    const Truth truth(plan, load(random, plan), correlated_noise(random, plan), 0.25);
    const Recording recording = read_bins(random, truth);
    const Curve curve = curve_of(recording, 0);
    for (int one = 0; one < plan.tests; ++one) {
      const double exact = truth.joules(plan.end(one)) - truth.joules(plan.begin(one));
      const Integrated energy = difference(curve, {plan.begin(one)}, {plan.end(one)});
      if (!energy) continue;
      const double error = std::abs(energy->energy.value - exact);
      ++held.all;
      held.within += error <= energy->uncertainty.value;
      held.stated += energy->uncertainty.value / exact;
    }
  }
  return held;
}

// s; how long tests are, and the pauses between them: some are shorter than a bin.
constexpr std::pair<double, double> kTests[] = {{90, 0}, {90, 10}, {90, 30}, {300, 10}, {300, 130}};

TEST(Bins, TheTruthIsWithinTheirInterval) {
  const std::pair<const char*, Power (*)(Random&, const Plan&)> loads[] = {
      {"constant", constant_load}, {"levels", levels_load}, {"ramps", ramps_load}, {"bursts", bursts_load}};
  for (const auto& [name, load] : loads)
    for (const auto& [length, pause] : kTests) {
      const Held held = held_by(load, length, pause);
      ASSERT_EQ(held.all, 180) << name;
      EXPECT_GE(held.within, 0.95 * held.all) << name << " of " << length << " s";
      // A few per cent of a run of 5 minutes.
      EXPECT_LT(held.stated / held.all, 15 / length) << name;
    }
}

// Behind each energy of a bin stands its own time: it is not looked up later.
TEST(Bins, HaveNoAge) {
  Random random(1);
  const Plan plan{120, 300, 0, 1, 1, 400, 1100};
  const Truth truth(plan, constant_load(random, plan), quiet_noise(random, plan), 0.25);
  Recording recording = read_bins(random, truth);
  EXPECT_EQ(curve_of(recording, 0).age.value, 0);
  EXPECT_NEAR(curve_of(recording, 0).period.value, kBin, 1e-6);
  recording.channels[0].averages = {};
  EXPECT_NEAR(curve_of(recording, 0).age.value, kBin, 1e-6);
}

// Their sums stand then on a grid of 12 kJ, which is no step of a sensor.
TEST(Bins, ASteadyPowerIsNoGrid) {
  Random random(1);
  const Plan plan{120, 300, 0, 1, 1, 400, 400};
  const Truth truth(
      plan, constant_load(random, plan), [](double) { return 0.0; }, 0.25);
  const Recording recording = read_bins(random, truth);
  const Curve curve = curve_of(recording, 0);
  EXPECT_EQ(curve.step, 0);
  const Integrated energy = difference(curve, {plan.begin(0)}, {plan.end(0)});
  ASSERT_TRUE(energy);
  EXPECT_LT(energy->uncertainty.value, 0.03 * energy->energy.value);
}

}  // namespace
}  // namespace pw
