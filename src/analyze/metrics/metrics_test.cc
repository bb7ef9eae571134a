// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics over recordings whose numbers are known.
#include "analyze/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analyze/metrics/test_counts.h"

namespace pw {
namespace {

using test::recording_of;
using testing::HasSubstr;

Metric metric_of(const Recording& recording, const std::string& key) {
  const MetricInputs inputs(recording);
  return evaluate_metric(inputs, *inputs.list().find(key));
}

TEST(Metrics, FourPassesOfFlopsMeetByInstructions) {
  const Recording recording = recording_of("POWER9",
                                           {{"cycles", 4e9, {1, 2, 3, 4}},
                                            {"instructions", 1e9, {1, 2, 3, 4}},
                                            {"PM_1FLOP_CMPL", 100e6, {1}},
                                            {"PM_2FLOP_CMPL", 200e6, {2}},
                                            {"PM_4FLOP_CMPL", 300e6, {3}},
                                            {"PM_8FLOP_CMPL", 400e6, {4}}},
                                           {1, 2, 1, 4});
  // 4.9e9 FLOPs in each unit of work, which takes a second.
  EXPECT_NEAR(metric_of(recording, "gflops").value->mean, 4.9, 1e-9);
  EXPECT_NEAR(metric_of(recording, "flops-per-instruction").value->mean, 4.9, 1e-9);
}

TEST(Metrics, ChipsAddUpAndAMissingOneLeavesTheWholeUnknown) {
  std::vector<test::Count> counted;
  for (const char* chip : {"0", "1"})
    for (const char* at :
         {"0_CHAN01", "0_CHAN23", "1_CHAN01", "1_CHAN23", "2_CHAN01", "2_CHAN23", "3_CHAN01", "3_CHAN23"})
      counted.push_back(
          {std::string("hv_24x7/PM_MCS_128B_RD_DATA_BLOCKS_MC") + at + ",chip=" + chip + "/", 1000, {1}});
  // 16 counts of 1000 times 524,288 bytes in each second.
  EXPECT_NEAR(metric_of(recording_of("POWER10", counted, {2}), "memory-read-bandwidth").value->mean,
              16e3 * 524288 / 1e9, 1e-9);
  Recording half = recording_of("POWER10", counted, {2});
  half.events[8].status = CountStatus::not_permitted;
  for (Execution& execution : half.executions)
    std::erase_if(execution.readings, [](const Reading& reading) { return reading.event == 8; });
  EXPECT_FALSE(metric_of(half, "memory-read-bandwidth").value);
}

TEST(Metrics, WithoutInstructionsPassesDoNotMeet) {
  const Recording recording =
      recording_of("AMD", {{"branches", 100, {1}}, {"branch-misses", 5, {2}}}, {1, 1});
  const Metric metric = metric_of(recording, "branch-miss-rate");
  EXPECT_FALSE(metric.value);
  EXPECT_THAT(metric.why, HasSubstr("no pass nor instructions join them"));
}

// 100 faults in 1 s and 900 in 3 s are 250 a second, not 200: the ratio of the means.
TEST(Metrics, RatesWeighTestsByTheirTime) {
  Recording recording = recording_of("AMD", {{"page-faults", 100, {1}}}, {1}, 2);
  recording.executions[1].end = recording.executions[1].begin + Nanoseconds{3'000'000'000};
  recording.executions[0].end = recording.executions[0].begin + Nanoseconds{1'000'000'000};
  recording.executions[1].readings[0].value = 900;
  recording.executions[0].readings[0].value = 100;
  const Metric rate = metric_of(recording, "page-fault-rate");
  EXPECT_DOUBLE_EQ(rate.value->mean, 250);
  EXPECT_DOUBLE_EQ(rate.value->least, 100);
  EXPECT_DOUBLE_EQ(rate.value->most, 300);
  EXPECT_NEAR(*rate.value->half_width, 12.7062 * 75, 0.01);  // residuals of -75 and 75 around it
}

TEST(Metrics, UtilisationAndRatesKnowTimeAndCpus) {
  Recording recording = recording_of("AMD", {{"task-clock", 3e9, {1}}, {"page-faults", 500, {1}}}, {2}, 3);
  EXPECT_DOUBLE_EQ(metric_of(recording, "utilisation").value->mean, 75);
  EXPECT_DOUBLE_EQ(metric_of(recording, "page-fault-rate").value->mean, 500);
  EXPECT_EQ(metric_of(recording, "page-fault-rate").value->n, 3);
  recording.machine.pop_back();
  EXPECT_THAT(metric_of(recording, "utilisation").why, HasSubstr("how many CPUs"));
  EXPECT_TRUE(metric_of(recording, "cpus-used").value);
}

// Half of the time unseen: +- 0.95 * 0.5 of the value; a quarter: +- 0.95 * 0.25.
// Half a second of each unit of work goes by uncounted.
TEST(Metrics, RatesAreOverTheTimeInWhichWasCounted) {
  Recording recording = recording_of("AMD", {{"task-clock", 1e9, {1}}}, {1});
  EXPECT_NEAR(metric_of(recording, "cpus-used").value->mean, 1, 1e-9);
  recording.experiment.delay = Seconds{0.5};
  EXPECT_NEAR(metric_of(recording, "cpus-used").value->mean, 2, 1e-9);
}

TEST(Metrics, ScaledCountsHaveABandByCoverage) {
  Recording recording = recording_of(
      "AMD", {{"cycles", 2000, {1}}, {"instructions", 1000, {1}}, {"branch-misses", 40, {1}, 0.5}}, {1}, 4);
  const Metric one = metric_of(recording, "branch-mpki");
  EXPECT_DOUBLE_EQ(one.value->mean, 40);
  EXPECT_DOUBLE_EQ(*one.value->half_width, 0);
  EXPECT_NEAR(*one.band, 0.475 * 40, 1e-9);
  EXPECT_TRUE(one.scaled);
  EXPECT_FALSE(metric_of(recording, "ipc").band);

  recording = recording_of("AMD", {{"branches", 400, {1}, 0.75}, {"branch-misses", 40, {1}, 0.5}}, {1});
  const double up = 0.475 * 10, down = 10 * (1 / (1 - 0.2375) - 1 / (1 + 0.2375)) / 2;
  EXPECT_NEAR(*metric_of(recording, "branch-miss-rate").band, std::hypot(up, down), 1e-9);
}

// As a stranger's recording may have them: another order, and a pass twice, of which the last counts.
TEST(Metrics, ExecutionsMayStandInAnyOrder) {
  Recording recording = recording_of(
      "AMD", {{"branches", 100, {1}}, {"branch-misses", 5, {2}}, {"instructions", 1000, {1, 2}}}, {1, 2}, 3);
  const Metric sorted = metric_of(recording, "branch-miss-rate");
  ASSERT_TRUE(sorted.value);
  std::ranges::reverse(recording.executions);
  Execution again = recording.executions.back();
  again.readings[0].value *= 2;
  recording.executions.push_back(again);
  const Metric other = metric_of(recording, "branch-miss-rate");
  ASSERT_EQ(other.tests.size(), 3U);
  EXPECT_EQ(other.tests[1].value, sorted.tests[1].value);
  EXPECT_DOUBLE_EQ(other.tests[0].value, sorted.tests[0].value / 2);
}

TEST(Metrics, ACpusOwnPmuHasManyNames) {
  EXPECT_TRUE(is_event("cpu/slots/", "cpu/slots/"));
  EXPECT_TRUE(is_event("cpu/slots/", "cpu_core/slots/"));
  EXPECT_TRUE(is_event("cpu/op_spec/", "armv8_pmuv3_0/op_spec/"));
  EXPECT_TRUE(is_event("cpu/op_spec/", "op_spec"));
  EXPECT_FALSE(is_event("cpu/op_spec/", "uncore_imc/op_spec/"));
  EXPECT_FALSE(is_event("cpu/op_spec/", "cpu/op_specs/"));
  EXPECT_FALSE(is_event("cycles", "cycle"));
}

}  // namespace
}  // namespace pw
