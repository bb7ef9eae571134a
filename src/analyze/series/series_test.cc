// SPDX-License-Identifier: GPL-3.0-or-later
// Values per test, metrics and captures.
#include "analyze/series/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "analyze/metrics/metrics.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Nanoseconds series_at(double seconds) { return to_nanoseconds({seconds}); }

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
      one.begin = series_at(10.0 * test + 4 * pass);
      one.end = one.begin + series_at(2);
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

TEST(Series, NamesThePassesThatATestLacks) {
  Recording recording = two_passes();
  EXPECT_TRUE(incomplete_tests(recording).empty());
  recording.executions[1].exit_status = 1;
  recording.executions.pop_back();
  const auto incomplete = incomplete_tests(recording);
  ASSERT_EQ(incomplete.size(), 2U);
  EXPECT_EQ(incomplete[0].test, 1);
  EXPECT_THAT(incomplete[0].missing, ElementsAre(2));
  EXPECT_THAT(incomplete[1].missing, ElementsAre(2));
  EXPECT_THAT(counter_series(recording, 1).values(), ElementsAre(2000, 2000));
}

TEST(Series, SaysWhyAnEventHasNoValue) {
  Recording recording = two_passes();
  EXPECT_EQ(why_uncounted(recording, 0), "");
  for (Execution& one : recording.executions) one.readings[0] = reading(0, 0, CountStatus::not_counted, 0);
  EXPECT_EQ(why_uncounted(recording, 0), "not-counted: the kernel never ran it");
  for (Execution& one : recording.executions) one.readings.clear();
  EXPECT_EQ(why_uncounted(recording, 0), "not-counted: no execution of a test has it");
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
  const std::vector<Metric> all = metrics(MetricInputs(two_passes()));
  EXPECT_EQ(all[0].name, "IPC");
  EXPECT_DOUBLE_EQ(all[0].value->mean, 6000.0 / 2000);
  // (20 / 4000) / (200 / 2000) = 5 %, where the counts alone would say 10 %.
  EXPECT_DOUBLE_EQ(all[1].value->mean, 5);
  EXPECT_FALSE(all[2].value);
  EXPECT_THAT(all[2].missing, ElementsAre("cache-misses", "cache-references"));
  EXPECT_THAT(all[2].why, HasSubstr("did not ask"));
}

TEST(Metrics, SayWhyThereIsNone) {
  Recording recording = two_passes();
  recording.events[3].status = CountStatus::not_supported;
  recording.events[3].reason = "no PMU";
  for (Execution& one : recording.executions)
    std::erase_if(one.readings, [](const Reading& each) { return each.event == 3; });
  const Metric metric = metrics(MetricInputs(recording))[1];
  EXPECT_FALSE(metric.value);
  EXPECT_THAT(metric.missing, ElementsAre("branch-misses"));
  EXPECT_EQ(metric.why, "not-supported: no PMU");
}

TEST(Metrics, AFrequencyIsNotMadeOfUserCyclesAndAllOfTheTime) {
  Recording recording = two_passes();
  recording.events[3].name = "task-clock";
  recording.events[3].software = true;
  EXPECT_TRUE(metrics(MetricInputs(recording))[6].value);
  recording.events[0].scope = Scope::user;
  EXPECT_FALSE(metrics(MetricInputs(recording))[6].value);
  EXPECT_THAT(metrics(MetricInputs(recording))[6].why, HasSubstr("user mode only"));
  EXPECT_TRUE(metrics(MetricInputs(recording))[0].user_only);
}

TEST(Metrics, AZeroBelowIsNoNumber) {
  Recording recording = two_passes();
  for (Execution& one : recording.executions) one.readings[0].value = 0;
  EXPECT_FALSE(metrics(MetricInputs(recording))[0].value);
  EXPECT_THAT(metrics(MetricInputs(recording))[0].why, HasSubstr("cycles is 0"));
}

TEST(Captured, SaysWhatDiffers) {
  Recording recording = two_passes();
  recording.experiment.captures = {{"acc", ""}, {"note", ""}};
  for (Execution& one : recording.executions) one.captures = {one.test == 1 ? "0.5" : "0.7", std::nullopt};
  const auto all = captured(recording);
  EXPECT_THAT(all[0].distinct, ElementsAre("0.5", "0.7"));
  EXPECT_THAT(all[0].numbers.values(), ElementsAre(0.5, 0.7));
  EXPECT_EQ(all[1].missing, 4);
}

TEST(Series, JoinsThePassesOfATestWhereverTheyStand) {
  const Series series = series_of({{3, 30, {}}, {1, 10, {}}, {3, 32, {}}, {2, 20, {}}});
  ASSERT_EQ(series.tests.size(), 3U);
  EXPECT_EQ(series.tests[0].value, 10);
  EXPECT_EQ(series.tests[1].test, 2);
  EXPECT_FALSE(series.tests[1].deviation);
  EXPECT_EQ(series.tests[2].value, 31);
  EXPECT_NEAR(*series.tests[2].deviation, 1.4142, 1e-4);
  EXPECT_TRUE(series_of(std::vector<TestValue>{}).tests.empty());
}

}  // namespace
}  // namespace pw
