// SPDX-License-Identifier: GPL-3.0-or-later
// How often the truth lies within the stated intervals, over sensors, loads and idle noise, through the whole
// of analyze_power. Some hundred values a group here; PERFWATT_GIVEN=1000 PERFWATT_COVERAGE=FILE writes the
// table of as many as docs/method.md shows.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "analyze/power/power_analysis.h"
#include "analyze/power/test_machine.h"

namespace pw {
namespace {

using test::Plan;
using test::Random;
using test::Truth;
using test::uniform;

struct Choice {
  std::string_view name;
  test::Power (*make)(Random&, const Plan&);
};
constexpr Choice kLoadKinds[] = {{"constant", test::constant_load},
                                 {"levels", test::levels_load},
                                 {"ramps", test::ramps_load},
                                 {"bursts", test::bursts_load},
                                 {"in step", test::in_step_load}};
constexpr Choice kNoiseKinds[] = {
    {"quiet", test::quiet_noise}, {"correlated", test::correlated_noise}, {"settling", test::settling_noise}};

struct SensorKind {
  std::string_view name;
  double period;       // s
  double grid;         // s, of the truth
  double least, most;  // s, of a test
  double idle;         // s, of a window
  bool in_step;        // whether such loads can be told
  Recording (*read)(Random&, const Truth&);
};

Recording rapl(Random& random, const Truth& truth) {
  return test::read_joules(random, truth, {0.001, 0.001, 61e-6});
}
Recording hwmon_energy(Random& random, const Truth& truth) {
  return test::read_joules(random, truth, {test::log_uniform(random, 0.001, 0.04), 0, 1e-6});
}
double a_step(Random& random) {
  constexpr double kSteps[] = {1e-6, 0.025, 0.1, 1};
  return kSteps[random() % 4];
}
Recording hwmon_power(Random& random, const Truth& truth) {
  return test::read_watts(random, truth, {0, 0.001, 0, a_step(random), 0, 0, 10, true});
}
Recording exec_10hz(Random& random, const Truth& truth) {
  return test::read_watts(random, truth, {0.1, 0, 0, 0.1, 0, 0, 1, false});
}
Recording meter_1hz(Random& random, const Truth& truth) {
  return test::read_watts(random, truth, {1, 0, 0, 0.1, 0, 0, 1, false});
}
Recording dcmi(Random& random, const Truth& truth) {
  return test::read_watts(random, truth, {0, 0, uniform(random, 0, 0.4), 1, 1, 0, 1, true});
}
Recording coarse_dcmi(Random& random, const Truth& truth) {
  return test::read_watts(random, truth, {0, 0, uniform(random, 0, 0.4), 8, 1, 0, 1, true});
}
Recording averaging(Random& random, const Truth& truth) {
  const double averages = uniform(random, 1, 5);
  return test::read_watts(random, truth,
                          {averages, uniform(random, 0.1, 1), uniform(random, 0, 0.3), 1, 1, 0, 1, true});
}
Recording averaging_told(Random& random, const Truth& truth) {
  const double averages = uniform(random, 0.5, 3);
  return test::read_watts(random, truth,
                          {averages, uniform(random, 0.05, 0.5), 0, 1e-6, 0, averages, 10, true});
}
Recording renewed_seldom(Random& random, const Truth& truth) {
  const double renews = uniform(random, 4, 20);
  return test::read_watts(random, truth, {renews, renews, uniform(random, 0, 1), 1, 1, 0, 1, true});
}

constexpr SensorKind kSensorKinds[] = {
    {"rapl", 0.1, 0.001, 2, 20, 10, true, rapl},
    {"hwmon energy", 0.1, 0.001, 2, 20, 10, true, hwmon_energy},
    {"occ", 0.04, 0.002, 2, 20, 10, true, [](Random& r, const Truth& t) { return test::read_occ(r, t); }},
    {"hwmon power", 0.1, 0.001, 2, 20, 10, true, hwmon_power},
    {"exec 10 Hz", 0.1, 0.002, 2, 20, 10, false, exec_10hz},
    {"meter 1 Hz", 1, 0.01, 15, 60, 30, false, meter_1hz},
    {"dcmi", 1, 0.01, 15, 60, 30, true, dcmi},
    {"dcmi, 8 W steps", 1, 0.01, 15, 60, 30, true, coarse_dcmi},
    {"averaging", 1, 0.01, 15, 60, 30, true, averaging},
    {"averaging, told", 0.1, 0.005, 5, 60, 20, true, averaging_told},
    {"renewed seldom", 1, 0.05, 100, 600, 120, true, renewed_seldom},
    {"seldom, short", 1, 0.05, 8, 30, 120, true, renewed_seldom},
};

struct Tally {
  int given = 0, held = 0;
  double width = 0, score = 0;  // sums: relative to the truth
  std::vector<double> errors;   // relative

  void add(double value, double uncertainty, double truth) {
    const double error = std::abs(value - truth);
    ++given;
    held += error <= uncertainty;
    width += uncertainty / truth;
    score += (2 * uncertainty + 40 * std::max(0.0, error - uncertainty)) / truth;
    errors.push_back(error / truth);
  }
  double covered() const { return given > 0 ? static_cast<double>(held) / given : 1; }
  // The score in scores of the best interval that has one relative width.
  double wide() const {
    std::vector<double> sorted = errors;
    std::ranges::sort(sorted);
    double best = INFINITY;
    for (std::size_t i = 0; i < sorted.size(); i += 1 + sorted.size() / 100) {
      double all = 0;
      for (const double error : sorted) all += 2 * sorted[i] + 40 * std::max(0.0, error - sorted[i]);
      best = std::min(best, all);
    }
    return best > 0 ? score / best : 0;
  }
};

struct Group {
  Tally gross, net, mean_gross, mean_net;
  int rows = 0, refused = 0;
  std::string refusal;  // the last
};

void add_recording(Group& group, const Truth& truth, const ChannelAnalysis& one) {
  const Plan& plan = truth.plan();
  double gross_sum = 0;
  for (const EnergyRow& row : one.energy) {
    const double gross = truth.joules(plan.end(row.test - 1)) - truth.joules(plan.begin(row.test - 1));
    const double net = gross - plan.idle_watts * plan.length;
    gross_sum += gross;
    ++group.rows;
    if (row.gross) group.gross.add(row.gross->value, row.uncertainty->value, gross);
    if (row.net) group.net.add(row.net->value, row.net_uncertainty->value, net);
    if (row.gross && row.net) continue;
    ++group.refused;
    group.refusal = row.reason;
  }
  const double gross = gross_sum / plan.tests;
  const auto& mean = one.values.gross.value;
  const auto& net = one.values.net.value;
  if (mean && mean->half_width) group.mean_gross.add(mean->mean, *mean->half_width, gross);
  if (net && net->half_width)
    group.mean_net.add(net->mean, *net->half_width, gross - plan.idle_watts * plan.length);
}

Group group_of(const SensorKind& sensor, const Choice& load, const Choice& noise, int wanted, int tests = 3,
               double pause = 0) {
  Random random(20261129);
  Group group;
  for (int i = 0; group.net.given < wanted && i < wanted; ++i) {
    Plan plan;
    plan.period = sensor.period;
    plan.idle = sensor.idle;
    plan.length = test::log_uniform(random, sensor.least, sensor.most);
    plan.tests = tests;
    plan.pause = pause * plan.length;
    plan.idle_watts = uniform(random, 30, 200);
    plan.load_watts = plan.idle_watts + uniform(random, 50, 300);
    const Truth truth(plan, load.make(random, plan), noise.make(random, plan), sensor.grid);
    const Recording recording = sensor.read(random, truth);
    add_recording(group, truth, analyze_power(recording).channels[0]);
  }
  return group;
}

int given_wanted() {
  const char* text = std::getenv("PERFWATT_GIVEN");
  return text ? std::atoi(text) : 24;
}

std::string line_of(const SensorKind& sensor, const Choice& load, const Choice& noise, const Group& group) {
  const Tally& gross = group.gross;
  const Tally& net = group.net;
  return fmt::format(
      "{:16} {:9} {:11} gross {:5}: {:.3f} ±{:6.2f} % x{:4.1f}  net {:.3f} ±{:6.2f} % x{:4.1f}  means {:.3f} "
      "{:.3f}  refused {:.3f} {}\n",
      sensor.name, load.name, noise.name, gross.given, gross.covered(),
      100 * gross.width / std::max(1, gross.given), gross.wide(), net.covered(),
      100 * net.width / std::max(1, net.given), net.wide(), group.mean_gross.covered(),
      group.mean_net.covered(), static_cast<double>(group.refused) / group.rows, group.refusal);
}

bool told_apart(const SensorKind& sensor, const Choice& load, const Choice& noise) {
  if (load.name == "in step") return sensor.in_step;
  // Two values do not show how coarse their grid is.
  return sensor.name != "dcmi, 8 W steps" || load.name != "constant" || noise.name != "quiet";
}

void join(Tally& all, const Tally& one) {
  all.given += one.given;
  all.held += one.held;
}

void expect_covered(const Group& group, const std::string& name) {
  EXPECT_GE(group.gross.covered(), 0.93) << name;
  EXPECT_GE(group.net.covered(), 0.93) << name;
}

// Of every sensor all that it gave; and of every group where that is enough to tell.
TEST(EnergyCoverage, TheTruthLiesWithinTheStatedIntervals) {
  std::string table;
  const int wanted = given_wanted();
  const char* only = std::getenv("PERFWATT_ONLY");
  for (const SensorKind& sensor : kSensorKinds) {
    if (only && !sensor.name.starts_with(only)) continue;
    Group all;
    for (const Choice& load : kLoadKinds)
      for (const Choice& noise : kNoiseKinds) {
        if (!told_apart(sensor, load, noise)) continue;
        const Group group = group_of(sensor, load, noise, wanted);
        table += line_of(sensor, load, noise, group);
        if (wanted >= 1000 && group.net.given >= 1000) expect_covered(group, table);
        join(all.gross, group.gross);
        join(all.net, group.net);
        join(all.mean_gross, group.mean_gross);
        join(all.mean_net, group.mean_net);
      }
    expect_covered(all, std::string(sensor.name));
    EXPECT_GE(all.mean_gross.covered(), 0.93) << sensor.name;
    EXPECT_GE(all.mean_net.covered(), 0.93) << sensor.name;
  }
  if (const char* file = std::getenv("PERFWATT_COVERAGE")) std::ofstream(file) << table;
}

// Tests that do the same vary by little: what is left is what they have in common.
TEST(EnergyCoverage, TheMeanOfManyEqualTestsHoldsWhatTheyHaveInCommon) {
  for (const SensorKind& sensor : kSensorKinds) {
    Tally gross, net;
    for (const Choice& noise : kNoiseKinds) {
      if (!told_apart(sensor, kLoadKinds[0], noise)) continue;
      const Group group = group_of(sensor, kLoadKinds[0], noise, 4 * given_wanted(), 10, 0.5);
      join(gross, group.mean_gross);
      join(net, group.mean_net);
    }
    EXPECT_GE(gross.covered(), 0.93) << sensor.name << ": " << gross.held << " of " << gross.given;
    EXPECT_GE(net.covered(), 0.93) << sensor.name << ": " << net.held << " of " << net.given;
  }
}

}  // namespace
}  // namespace pw
