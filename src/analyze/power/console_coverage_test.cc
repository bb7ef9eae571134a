// SPDX-License-Identifier: GPL-3.0-or-later
// A management console's means of 30 s (power/hmc), through the counter that is made of them and the whole of
// analyze_power, against power that is known: tests of 20 s to 10 minutes.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "analyze/power/power_analysis.h"
#include "analyze/power/test_machine.h"
#include "power/reader/bins.h"

namespace pw {
namespace {

using test::Plan;
using test::Random;
using test::Truth;
using test::uniform;

constexpr double kConsoleBin = 30,
                 kDoubt = 1.1;  // s; what whole seconds of Date leave of the clock, and an answer

// Whole watts, bins at the half minutes of a clock that is known within kDoubt; one in 50 `failed`.
Recording read_console(Random& random, const Truth& truth, double failed) {
  const Plan& plan = truth.plan();
  Recording recording = test::recording_of(plan, ChannelKind::accumulating);
  recording.sources[0].rate_hz = 0.1;
  recording.channels[0] = bin_channel("server", std::string(kWholeMachine), to_nanoseconds({kConsoleBin}));
  recording.channels[0].sample_error = {0.5};
  const double phase = uniform(random, 0, kConsoleBin), clock = uniform(random, -kDoubt / 2, kDoubt / 2);
  BinCounter counter;
  std::vector<PowerSample> samples;
  for (double end = phase + kConsoleBin; end < plan.all(); end += kConsoleBin) {
    PowerBin bin{to_nanoseconds({end - kConsoleBin + clock}), to_nanoseconds({end + clock}), {}};
    bin.doubt = to_nanoseconds({kDoubt});
    if (uniform(random, 0, 1) >= failed) bin.mean = Watts{std::round(truth.mean(end - kConsoleBin, end))};
    counter.take(bin, samples);
  }
  recording.samples = Samples(samples);
  return recording;
}

struct ConsoleHeld {
  int rows = 0, gross = 0, gross_within = 0, net = 0, net_within = 0;
  double stated = 0;  // sum, as shares of the energies
  std::map<std::string, int> refused;
};

ConsoleHeld console_held_by(double failed) {
  constexpr test::Power (*kLoads[])(Random&, const Plan&) = {test::constant_load, test::levels_load,
                                                             test::ramps_load, test::bursts_load};
  ConsoleHeld held;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    Plan plan{uniform(random, 90, 150), test::log_uniform(random, 20, 600), uniform(random, 0, 60),
              kConsoleBin, 2};
    plan.idle_watts = uniform(random, 300, 900);
    plan.load_watts = plan.idle_watts + uniform(random, 50, 900);
    const Truth truth(plan, kLoads[seed % 4](random, plan), test::correlated_noise(random, plan), 0.25);
    const Recording recording = read_console(random, truth, failed);
    const PowerAnalysis power = analyze_power(recording);
    for (const EnergyRow& row : power.channels[0].energy) {
      const double exact = truth.joules(plan.end(row.test - 1)) - truth.joules(plan.begin(row.test - 1));
      ++held.rows;
      if (!row.gross) ++held.refused[row.reason];
      if (row.gross) {
        ++held.gross;
        held.gross_within += std::abs(row.gross->value - exact) <= row.uncertainty->value;
        held.stated += row.uncertainty->value / exact;
      }
      if (row.net) {
        ++held.net;
        const double net = exact - plan.idle_watts * plan.length;
        held.net_within += std::abs(row.net->value - net) <= row.net_uncertainty->value;
      }
    }
  }
  return held;
}

std::string console_text(const ConsoleHeld& held) {
  std::string text = std::to_string(held.gross_within) + " of " + std::to_string(held.gross) + " gross, " +
                     std::to_string(held.net_within) + " of " + std::to_string(held.net) + " net, stated " +
                     std::to_string(held.stated / std::max(1, held.gross)) + ", rows " +
                     std::to_string(held.rows);
  for (const auto& [reason, count] : held.refused) text += "\n" + std::to_string(count) + ": " + reason;
  return text;
}

TEST(ConsoleCoverage, TheServersEnergyIsWithinItsStatedUncertainty) {
  const ConsoleHeld held = console_held_by(0);
  RecordProperty("held", console_text(held));
  ASSERT_EQ(held.rows, 400);
  EXPECT_GE(held.gross, 300) << console_text(held);  // the others are shorter than two means
  for (const auto& [reason, count] : held.refused)
    EXPECT_TRUE(reason.ends_with("not resolvable with this sensor: run at least 300 s")) << reason;
  EXPECT_GE(held.gross_within, 0.95 * held.gross) << console_text(held);
  EXPECT_GE(held.net_within, 0.95 * held.net) << console_text(held);
}

TEST(ConsoleCoverage, WhatHasAGapHasNoEnergyButAReason) {
  const ConsoleHeld held = console_held_by(0.02);
  EXPECT_GE(held.gross_within, 0.95 * held.gross) << console_text(held);
  EXPECT_LT(held.gross, held.rows) << console_text(held);
  EXPECT_FALSE(held.refused.contains("")) << console_text(held);
}

}  // namespace
}  // namespace pw
