// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analyze/energy.h"
#include "analyze/metrics.h"
#include "analyze/series.h"
#include "analyze/statistics.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Nanoseconds at(double seconds) { return to_nanoseconds({seconds}); }

TEST(Statistics, KnownAnswers) {
  const auto result = statistics(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9}).value();
  EXPECT_DOUBLE_EQ(result.mean, 5);
  EXPECT_DOUBLE_EQ(result.median, 4.5);
  EXPECT_NEAR(result.deviation, 2.13809, 1e-5);
  EXPECT_NEAR(*result.half_width, 2.3646 * 2.13809 / std::sqrt(8), 1e-4);
  EXPECT_FALSE(statistics({}));
  EXPECT_EQ(statistics(std::vector<double>{3})->half_width, std::nullopt);
}

TEST(Statistics, StudentsT) {
  EXPECT_NEAR(student_t_975(1), 12.706, 1e-3);
  EXPECT_NEAR(student_t_975(10), 2.2281, 1e-4);
  EXPECT_NEAR(student_t_975(11), 2.2010, 2e-4);
  EXPECT_NEAR(student_t_975(30), 2.0423, 1e-4);
  EXPECT_NEAR(student_t_975(1000), 1.9623, 1e-4);
}

Reading reading(int event, std::uint64_t value, CountStatus status = CountStatus::ok,
                std::int64_t running = 100) {
  return {event, value, {100}, {running}, status, ""};
}

// Two tests of two passes: cycles and instructions in both, branches in the first, branch-misses in the
// second.
Recording two_passes() {
  Recording recording;
  for (const char* name : {"cycles", "instructions", "branches", "branch-misses"}) {
    Event event;
    event.name = name;
    recording.events.push_back(event);
  }
  recording.passes = {{{0, 1, 2}, ""}, {{0, 1, 3}, "why"}};
  for (int test = 1; test <= 2; ++test)
    for (int pass = 1; pass <= 2; ++pass) {
      Execution one;
      one.test = test;
      one.pass = pass;
      one.begin = at(10.0 * test + 4 * pass);
      one.end = one.begin + at(2);
      one.readings = {reading(0, 1000), reading(1, pass == 1 ? 2000 : 4000),
                      reading(pass + 1, pass == 1 ? 200 : 20)};
      recording.executions.push_back(one);
    }
  return recording;
}

TEST(Series, TestsAreMeansOverPassesAndLeaveOutWhatFailed) {
  Recording recording = two_passes();
  EXPECT_THAT(counter_series(recording, 1).values(), ElementsAre(3000, 3000));
  EXPECT_NEAR(*counter_series(recording, 1).tests[0].deviation, 1414.2, 0.1);
  EXPECT_THAT(counter_series(recording, 2).values(), ElementsAre(200, 200));
  EXPECT_THAT(unlike_tests(recording), ElementsAre(1, 2));
  recording.executions[2].exit_status = 1;
  recording.executions[3].timed_out = true;
  EXPECT_THAT(elapsed_series(recording).values(), ElementsAre(2));
}

TEST(Series, ScaledValuesAreScaledAndUncountedOnesAreNoValue) {
  Recording recording = two_passes();
  recording.executions[0].readings[2] = reading(2, 50, CountStatus::scaled, 25);
  recording.executions[2].readings[2] = reading(2, 0, CountStatus::not_counted, 0);
  const Series series = counter_series(recording, 2);
  EXPECT_THAT(series.values(), ElementsAre(200));
  EXPECT_EQ(series.least_coverage, 0.25);
}

TEST(Metrics, RatiosAcrossPassesArePerInstruction) {
  const std::vector<Metric> all = metrics(two_passes());
  EXPECT_EQ(all[0].name, "IPC");
  EXPECT_DOUBLE_EQ(all[0].value->mean, 6000.0 / 2000);
  // (20 / 4000) / (200 / 2000) = 5 %, where the counts alone would say 10 %.
  EXPECT_DOUBLE_EQ(all[1].value->mean, 5);
  EXPECT_FALSE(all[2].value);
  EXPECT_EQ(all[2].missing, "cache-misses, cache-references");
}

TEST(Captured, SaysWhatDiffers) {
  Recording recording = two_passes();
  recording.experiment.captures = {{"acc", ""}, {"note", ""}};
  for (Execution& one : recording.executions) one.captures = {one.test == 1 ? "0.5" : "0.7", std::nullopt};
  const auto all = captured(recording);
  EXPECT_THAT(all[0].distinct, ElementsAre("0.5", "0.7"));
  EXPECT_THAT(all[0].numbers, ElementsAre(0.5, 0.7));
  EXPECT_EQ(all[1].missing, 4);
}

std::vector<PowerPoint> sampled(const std::function<double(double)>& power, double from, double to,
                                double period) {
  std::vector<PowerPoint> points;
  for (double t = from; t <= to; t += period) points.push_back({{t}, {std::round(power(t))}, {0.001}});
  return points;
}

TEST(Integrate, ALineIsExact) {
  const auto points = sampled([](double t) { return 100 + 10 * t; }, 0, 10, 1);
  const Integral result = integrate(points, {2.5}, {7.5}, {1}, 1).value();
  EXPECT_NEAR(result.energy.value, 5 * (100 + 50), 1e-9);
  EXPECT_DOUBLE_EQ(result.coverage, 1);
  EXPECT_EQ(result.inside, 5);
  EXPECT_DOUBLE_EQ(result.peak.value, 175);
}

TEST(Integrate, AGapCostsCoverageAndCertainty) {
  auto points = sampled([](double t) { return t < 5 ? 100 : 200; }, 0, 10, 0.5);
  std::erase_if(points, [](const PowerPoint& point) { return point.time.value > 3 && point.time.value < 7; });
  const Integral result = integrate(points, {1}, {9}, {0.5}, 1).value();
  EXPECT_NEAR(result.coverage, 0.5, 1e-9);
  EXPECT_GE(result.uncertainty.value, 100 * 4 / 2);
  EXPECT_FALSE(integrate(points, {4.9}, {5.0}, {0.1}, 1));
}

// Steps and ramps at random times, against the true integral, 1 W steps, 10 Hz, with the samples' phase at
// random.
TEST(Integrate, TheTruthIsInsideTheUncertainty) {
  std::mt19937 random(20261123);
  std::uniform_real_distribution<double> uniform(0, 1);
  int inside = 0;
  constexpr int kCurves = 400;
  for (int curve = 0; curve < kCurves; ++curve) {
    std::vector<std::pair<double, double>> knots = {{-1, 150}};
    while (knots.back().first < 12)
      knots.emplace_back(knots.back().first + 0.3 + 2 * uniform(random), 100 + 200 * uniform(random));
    const auto power = [&](double t) {
      std::size_t i = 1;
      while (knots[i].first < t) ++i;
      const auto [t0, w0] = knots[i - 1];
      const auto [t1, w1] = knots[i];
      return w0 + (w1 - w0) * (t - t0) / (t1 - t0);
    };
    const double begin = 1 + uniform(random), end = begin + 4 + 4 * uniform(random);
    double truth = 0;
    for (int i = 0; i < 20000; ++i)
      truth += power(begin + (i + 0.5) * (end - begin) / 20000) * (end - begin) / 20000;
    const auto points = sampled(power, -0.1 * uniform(random), 11, 0.1);
    const Integral result = integrate(points, {begin}, {end}, {0.1}, 1).value();
    inside += std::abs(result.energy.value - truth) <= result.uncertainty.value;
    EXPECT_NEAR(result.energy.value, truth, 0.01 * truth);
  }
  EXPECT_GE(inside, kCurves * 95 / 100);
}

Recording with_power(double watts_busy) {
  Recording recording = two_passes();
  recording.sources = {{"dcmi", "/dev/ipmi0", false, 2.0, 0, 0, 0, 0, 0, {}}};
  recording.channels = {{0, "system", ChannelKind::instantaneous, "whole machine", 1}};
  recording.windows = {{true, at(0), at(10)}, {false, at(40), at(52)}};
  for (int i = 0; i < 104; ++i) {
    const double t = i / 2.0;
    const bool busy = t > 10 && t < 40;
    recording.samples.push_back({0,
                                 at(t),
                                 at(0.001),
                                 Watts{busy     ? watts_busy
                                       : t < 40 ? 100.0
                                                : 104.0},
                                 {},
                                 {},
                                 SampleStatus::ok});
  }
  for (Execution& one : recording.executions) one.items = 10;
  return recording;
}

TEST(EnergyRows, GrossNetPerItem) {
  const std::vector<EnergyRow> rows = energy_rows(with_power(200));
  ASSERT_EQ(rows.size(), 4U);
  const EnergyRow& row = rows[0];
  EXPECT_EQ(row.status, EnergyStatus::measured);
  EXPECT_NEAR(row.gross->value, 400, 1e-6);
  EXPECT_NEAR(row.idle->value, 101, 1);
  EXPECT_NEAR(row.net->value, row.gross->value - row.idle->value * 2, 1e-9);
  EXPECT_NEAR(row.gross_per_item->value, 40, 1e-6);
  EXPECT_NEAR(*idle_levels(with_power(200), 0).drift(), 0.04, 1e-9);
}

TEST(EnergyRows, SaysWhatCannotBeResolved) {
  Recording recording = with_power(200);
  recording.executions[0].end = recording.executions[0].begin + at(0.3);
  recording.executions[1].begin = at(100);
  recording.executions[1].end = at(102);
  recording.windows.clear();
  const std::vector<EnergyRow> rows = energy_rows(recording);
  EXPECT_EQ(rows[0].status, EnergyStatus::not_resolvable);
  EXPECT_EQ(rows[0].gross, std::nullopt);
  EXPECT_THAT(rows[0].reason, HasSubstr("run at least"));
  EXPECT_EQ(rows[1].status, EnergyStatus::no_data);
  EXPECT_EQ(rows[2].net, std::nullopt);
  EXPECT_THAT(rows[2].reason, HasSubstr("no idle window"));
}

TEST(EnergyRows, AccumulatingChannelsAreDifferences) {
  Recording recording = with_power(200);
  recording.channels[0].kind = ChannelKind::accumulating;
  double joules = 0;
  for (PowerSample& sample : recording.samples) {
    sample.joules = Joules{joules};
    joules += sample.watts->value / 2;
    sample.watts.reset();
  }
  EXPECT_NEAR(energy_rows(recording)[0].gross->value, 400, 1e-6);
}

}  // namespace
}  // namespace pw
