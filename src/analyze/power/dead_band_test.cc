// SPDX-License-Identifier: GPL-3.0-or-later
// A dead band is seen where there is enough to see, and in no sensor that has none.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "analyze/power/power_analysis.h"
#include "analyze/power/sensor.h"
#include "analyze/power/test_curves.h"
#include "analyze/power/test_machine.h"

namespace pw {
namespace {

using test::Plan;
using test::Power;
using test::Random;
using test::uniform;
using test::WattSensor;
using testing::Contains;
using testing::HasSubstr;

Power square_load(Random& random, const Plan& plan) {
  const double period = uniform(random, 2, 6) * plan.period;
  return [&random, plan, period](double t) {
    const bool on = std::fmod(t, period) < period / 2;
    return plan.idle_watts + (on ? 1.2 : 0.8) * plan.rise() + 2 * test::normal(random);
  };
}
Power correlated_load(Random& random, const Plan& plan, double tau, double size) {
  return [&random, plan, tau, size, last = 0.0, level = 0.0](double t) mutable {
    const double keep = std::exp(-(t - std::exchange(last, t)) / tau);
    level = keep * level + size * std::sqrt(1 - keep * keep) * test::normal(random);
    return plan.load_watts + level;
  };
}
Power noise_load(Random& random, const Plan& plan) {
  const double tau = test::log_uniform(random, 0.3, 3) * plan.period;
  return correlated_load(random, plan, tau, uniform(random, 3, 15));
}
Power wander_load(Random& random, const Plan& plan) {
  const double tau = test::log_uniform(random, 3, 30) * plan.period;
  return correlated_load(random, plan, tau, uniform(random, 2, 15));
}
// There and back, as of a part that warms and is cooled.
Power drift_load(Random& random, const Plan& plan) {
  const double height = uniform(random, 20, 60), period = uniform(random, 0.3, 2) * plan.length;
  return [=, phase = uniform(random, 0, 6.3)](double t) {
    return plan.load_watts + height * std::sin(6.283 * t / period + phase);
  };
}
// Two levels 5 W apart, for one reading each, or for some: a fan, a part that is switched.
Power alternating_load(Random& random, const Plan& plan) {
  const double period = plan.period * (random() % 2 ? 2 : 6), noise = uniform(random, 0, 0.4);
  return [=, &random](double t) {
    return plan.load_watts + (std::fmod(t, period) < period / 2 ? 5 : 0) + noise * test::normal(random);
  };
}
// Up in twelve steps of about 5 W each, again and again.
Power staircase_load(Random& random, const Plan& plan) {
  std::vector<double> levels{plan.load_watts};
  for (int i = 1; i < 12; ++i) levels.push_back(levels.back() + uniform(random, 4.5, 5.5));
  const double noise = uniform(random, 0.05, 0.5), time = uniform(random, 1, 5) * plan.period;
  return [=, &random](double t) {
    return levels[static_cast<std::size_t>(t / time) % levels.size()] + noise * test::normal(random);
  };
}

using Make = Power (*)(Random&, const Plan&);
struct NamedPower {
  std::string_view name;
  Make make;
};
constexpr NamedPower kLoads[] = {{"constant", test::constant_load},
                                 {"levels", test::levels_load},
                                 {"ramps", test::ramps_load},
                                 {"bursts", test::bursts_load},
                                 {"in step", test::in_step_load},
                                 {"square", square_load},
                                 {"noise", noise_load},
                                 {"wander", wander_load},
                                 {"drift", drift_load},
                                 {"alternating", alternating_load},
                                 {"staircase", staircase_load}};
constexpr NamedPower kNoises[] = {
    {"quiet", test::quiet_noise}, {"correlated", test::correlated_noise}, {"settling", test::settling_noise}};

Plan plan_of(Random& random, double period) {
  Plan plan;
  plan.period = period;
  plan.idle = 30 * period;
  plan.length = uniform(random, 20, 100) * period;
  plan.idle_watts = uniform(random, 30, 200);
  plan.load_watts = plan.idle_watts + uniform(random, 50, 300);
  return plan;
}

test::Truth truth_of(Random& random, const NamedPower& load, const NamedPower& noise, double period) {
  const Plan plan = plan_of(random, period);
  return {plan, load.make(random, plan), noise.make(random, plan), period / 50};
}

WattSensor any_sensor(Random& random, double step, double period) {
  constexpr double kRenews[] = {0, 0.05, 0.4, 2.5, 8}, kAverages[] = {0, 0.5, 3};
  WattSensor sensor;
  sensor.step = step;
  sensor.averages = kAverages[random() % 3] * period;
  sensor.renews = kRenews[random() % 5] * period;
  sensor.readings = random() % 2 ? 1 : 10;
  sensor.random = random() % 2 > 0;
  return sensor;
}

// Of PERFWATT_GIVEN, as many.
int rounds(int usual) {
  const char* text = std::getenv("PERFWATT_GIVEN");
  return text ? std::atoi(text) : usual;
}

// But where each renewal shows a load that climbs by even steps: that is all that a dead band shows.
TEST(DeadBand, IsSeenOfNoSensorThatHasNone) {
  Random random(5);
  for (int i = rounds(2); i > 0; --i)
    for (const double step : {1e-6, 0.025, 0.1, 0.3125, 1.0, 4.0, 8.0})
      for (const NamedPower& load : kLoads)
        for (const NamedPower& noise : kNoises) {
          const double period = random() % 2 ? 1 : 0.1;
          WattSensor sensor = any_sensor(random, step, period);
          if (load.name == "staircase") sensor.renews = 0;
          const Recording recording = test::read_watts(random, truth_of(random, load, noise, period), sensor);
          EXPECT_EQ(test::curve_of(recording, 0).band, 0) << fmt::format(
              "{}, {}: step {}, renews {}, averages {}, readings {}, random {}", load.name, noise.name, step,
              sensor.renews, sensor.averages, sensor.readings, sensor.random);
        }
}

// Two values 5 W apart, a thousand times: a part that is switched.
TEST(DeadBand, IsNotASwitch) {
  std::vector<CurvePoint> points{{{}, 40, {}}};
  for (int i = 1; i < 4000; ++i) points.push_back({{1.0 * i}, i / 2 % 2 ? 145.0 : 140.0, {}});
  EXPECT_EQ(dead_band_of(points), 0);
}

struct Banded {
  std::string_view name;
  double period, band, step;
  int readings;
};
constexpr Banded kBanded[] = {{"4 W on 1 W", 1, 4, 1, 1},
                              {"1 W on 0.1 W", 0.1, 1, 0.1, 1},
                              {"2 W on 0.1 W, ten readings", 0.1, 2, 0.1, 10}};

Recording read_banded(Random& random, const test::Truth& truth, const Banded& one) {
  const double renews = uniform(random, 0.05, 1) * one.period;
  return test::read_watts(random, truth, {0, renews, 0, one.step, 0, 0, one.readings, true, one.band});
}

struct Count {
  int given = 0, gross = 0, net = 0;

  void add(const test::Truth& truth, const EnergyRow& row) {
    if (!row.gross || !row.net) return;
    const Plan& plan = truth.plan();
    const double energy = truth.joules(plan.end(row.test - 1)) - truth.joules(plan.begin(row.test - 1));
    ++given;
    gross += std::abs(row.gross->value - energy) <= row.uncertainty->value;
    net += std::abs(row.net->value - energy + plan.idle_watts * plan.length) <= row.net_uncertainty->value;
  }
  double share(int held) const { return given > 0 ? static_cast<double>(held) / given : 1; }
  std::string text() const { return fmt::format("{:4}: {:.3f} {:.3f}", given, share(gross), share(net)); }
};

struct Counts {
  Count seen, unseen;
  double least = INFINITY, most = 0;  // W; of the bands

  void add(const test::Truth& truth, const Recording& recording) {
    const double band = test::curve_of(recording, 0).band;
    const PowerAnalysis power = analyze_power(recording);
    for (const EnergyRow& row : power.channels[0].energy) (band > 0 ? seen : unseen).add(truth, row);
    if (band <= 0) return;
    least = std::min(least, band);
    most = std::max(most, band);
    EXPECT_THAT(power.channels[0].doubts, Contains(HasSubstr("dead band")));
  }
};

// In steps of its own, which are seen for those of a band where they are wider; or in that of the sensor,
// whose values are off by more than a band.
bool in_steps(const NamedPower& load) {
  return load.name == "staircase" || load.name == "alternating" || load.name == "in step";
}

TEST(DeadBand, WhereItIsSeenTheIntervalsHoldTheTruth) {
  std::string table;
  for (const Banded& one : kBanded) {
    Random random(20261129);
    Counts all;
    for (const NamedPower& load : kLoads)
      for (const NamedPower& noise : kNoises) {
        if (in_steps(load)) continue;
        Counts counts;
        for (int i = rounds(5); i > 0; --i) {
          const test::Truth truth = truth_of(random, load, noise, one.period);
          counts.add(truth, read_banded(random, truth, one));
        }
        table +=
            fmt::format("{:27} {:11} {:10} seen {} ({:.3g} to {:.3g} W) unseen {}\n", one.name, load.name,
                        noise.name, counts.seen.text(), counts.least, counts.most, counts.unseen.text());
        all.seen.given += counts.seen.given;
        all.seen.gross += counts.seen.gross;
        all.seen.net += counts.seen.net;
        all.least = std::min(all.least, counts.least);
        all.most = std::max(all.most, counts.most);
      }
    EXPECT_GE(all.seen.given, 10) << table;
    EXPECT_GE(all.seen.share(all.seen.gross), 0.95) << table;
    EXPECT_GE(all.seen.share(all.seen.net), 0.95) << table;
    EXPECT_GE(all.least, 0.8 * one.band) << table;
    EXPECT_LE(all.most, 1.5 * one.band) << table;
  }
  if (const char* file = std::getenv("PERFWATT_COVERAGE"))
    std::ofstream(std::string(file) + "-dead-band") << table;
}

}  // namespace
}  // namespace pw
