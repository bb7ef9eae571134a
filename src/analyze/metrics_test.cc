// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics and trees over recordings whose numbers are known.
#include "analyze/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "analyze/metric_tree.h"
#include "facts/metrics.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Count {
  std::string event;
  double value;  // of an execution of work 1
  std::vector<int> passes;
  double coverage = 1;
};

// Each execution does `work[pass - 1]` times the work, in as many seconds.
Recording recording_of(const std::string& cpu_model, const std::vector<Count>& counts,
                       const std::vector<double>& work, int tests = 1) {
  Recording recording;
  recording.machine = {{"arch", "x86_64"}, {"cpu_model", cpu_model}, {"cpus_online", "0-3"}};
  for (const Count& count : counts) {
    Event event;
    event.name = count.event;
    event.software = count.event == "task-clock" || count.event == "page-faults";
    recording.events.push_back(event);
  }
  recording.passes.resize(work.size());
  for (int test = 1; test <= tests; ++test)
    for (int pass = 1; pass <= static_cast<int>(work.size()); ++pass) {
      const double factor = work[static_cast<std::size_t>(pass - 1)];
      Execution one;
      one.test = test;
      one.pass = pass;
      one.end = to_nanoseconds({factor});
      for (std::size_t i = 0; i < counts.size(); ++i) {
        const Count& count = counts[i];
        if (std::find(count.passes.begin(), count.passes.end(), pass) == count.passes.end()) continue;
        one.readings.push_back(
            {static_cast<int>(i),
             static_cast<std::uint64_t>(std::llround(count.value * factor * count.coverage)),
             {100'000},
             {std::llround(100'000 * count.coverage)},
             count.coverage < 1 ? CountStatus::scaled : CountStatus::ok,
             ""});
      }
      recording.executions.push_back(std::move(one));
    }
  return recording;
}

Metric metric_of(const Recording& recording, const std::string& key) {
  const MetricInputs inputs(recording);
  return evaluate_metric(inputs, *inputs.list().find(key));
}

// A recording with every event of a CPU's stack in a pass of its own; the numbers are those of the checks,
// the passes do 1, 2 and 3 times the work.
Recording stack_recording(const std::string& cpu, const std::string& model) {
  std::map<std::string, double> numbers;
  const MetricChoice choice = choose_metrics(cpu, "cpi-stack").value();
  for (const MetricFact& fact : choice.metrics)
    for (std::size_t i = 0; i < fact.events.size(); ++i)
      for (const auto& [symbol, value] : fact.check.given)
        if (symbol == fact.events[i].symbol) numbers[fact.events[i].event] = value;
  std::vector<Count> counts;
  std::vector<double> work;
  std::vector<int> every;
  for (const auto& [name, value] : numbers) {
    work.push_back(1 + static_cast<double>(work.size() % 3));
    every.push_back(static_cast<int>(work.size()));
    counts.push_back({name, value, {every.back()}});
  }
  for (Count& count : counts)
    if (count.event == "cycles" || count.event == "instructions") count.passes = every;
  return recording_of(model, counts, work, 2);
}

std::vector<TreeRow> stack_of(const Recording& recording) {
  const MetricInputs inputs(recording);
  std::vector<Metric> unknown;
  return metric_tree(inputs, *inputs.list().find("cpi-stack"), unknown);
}

const TreeRow& row_of(const std::vector<TreeRow>& rows, const std::string& key) {
  for (const TreeRow& row : rows)
    if (row.metric.key == key) return row;
  throw std::runtime_error("no row " + key);
}

void expect_parts_sum(const std::vector<TreeRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double sum = 0;
    bool any = false;
    for (std::size_t j = i + 1; j < rows.size() && rows[j].depth > rows[i].depth; ++j) {
      if (rows[j].depth != rows[i].depth + 1) continue;
      any = true;
      sum += rows[j].metric.value->mean;
    }
    if (any) {
      EXPECT_NEAR(sum, rows[i].metric.value->mean, 1e-12) << rows[i].metric.key;
    }
  }
}

class CpiStack : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(CpiStack, ThePartsSumToTheirWholeAcrossPassesOfDifferentWork) {
  const auto rows = stack_of(stack_recording(GetParam().first, GetParam().second));
  expect_parts_sum(rows);
  const MetricList list = metrics_of_cpu(GetParam().first);
  std::size_t known = 0;
  for (const TreeRow& row : rows) {
    if (row.remainder) continue;
    ++known;
    EXPECT_NEAR(row.metric.value->mean, list.find(row.metric.key)->check.expected, 1e-9) << row.metric.key;
  }
  EXPECT_EQ(known, choose_metrics(GetParam().first, "cpi-stack")->metrics.size());
}

INSTANTIATE_TEST_SUITE_P(OfEachCpu, CpiStack,
                         testing::Values(std::pair("power9", "POWER9, altivec supported"),
                                         std::pair("power10", "POWER10 (architected)")));

std::vector<Count> level_one(double stall) {
  return {{"cycles", 2000, {1, 2}},
          {"instructions", 1000, {1, 2}},
          {"PM_1PLUS_PPC_CMPL", 600, {1}},
          {"PM_CMPLU_STALL", stall, {2}},
          {"PM_ICT_NOSLOT_CYC", 100, {1}}};
}

TEST(MetricTree, TheRemainderSaysWhatItHolds) {
  const auto rows = stack_of(recording_of("POWER9", level_one(1000), {1, 1}));
  ASSERT_EQ(rows.size(), 5U);
  const TreeRow& rest = rows.back();
  EXPECT_EQ(rest.metric.key, "cpi-stack.other");
  EXPECT_TRUE(rest.remainder);
  EXPECT_DOUBLE_EQ(rest.metric.value->mean, 0.3);
  EXPECT_DOUBLE_EQ(*rest.of_root, 0.15);
  EXPECT_THAT(rest.holding, ElementsAre("thread blocked"));
  EXPECT_FALSE(rest.negative());
  EXPECT_DOUBLE_EQ(*row_of(rows, "cpi-stack.stall").of_parent, 0.5);
}

TEST(MetricTree, ANegativeRemainderIsKeptAndFlagged) {
  const auto rows = stack_of(recording_of("POWER9", level_one(1400), {1, 1}));
  EXPECT_TRUE(rows.back().negative());
  EXPECT_DOUBLE_EQ(rows.back().metric.value->mean, -0.1);
  EXPECT_DOUBLE_EQ(*rows.back().of_root, -0.05);
  expect_parts_sum(rows);
}

TEST(MetricTree, TheStudysEventsAreTheHardwaresToo) {
  Recording recording = recording_of("POWER9", level_one(1000), {1, 1});
  recording.events[3].name = "stalled-cycles-backend";
  recording.events[3].hardware_event = "PM_CMPLU_STALL 0x1e054";
  recording.events[4].name = "r100f8";
  recording.events[4].hardware_event = "PM_ICT_NOSLOT_CYC r100f8";
  recording.events[0].name = "PM_RUN_CYC";
  recording.events[1].name = "PM_RUN_INST_CMPL";
  EXPECT_EQ(stack_of(recording).size(), 5U);
  EXPECT_THAT(known_trees(recording), ElementsAre("cpi-stack"));
}

TEST(MetricTree, AWholeWithoutPartsHasNoRemainder) {
  const Recording recording = recording_of("POWER9", {{"cycles", 2, {1}}, {"instructions", 1, {1}}}, {1});
  EXPECT_EQ(stack_of(recording).size(), 1U);
  EXPECT_TRUE(known_trees(recording).empty());
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

TEST(Metrics, WithoutInstructionsPassesDoNotMeet) {
  const Recording recording =
      recording_of("AMD", {{"branches", 100, {1}}, {"branch-misses", 5, {2}}}, {1, 1});
  const Metric metric = metric_of(recording, "branch-miss-rate");
  EXPECT_FALSE(metric.value);
  EXPECT_THAT(metric.why, HasSubstr("no pass nor instructions join them"));
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

TEST(Metrics, ARemaindersBandKnowsThatItsPartsShareEvents) {
  std::vector<Count> counts = level_one(1000);
  for (Count& count : counts) count.passes = {1};
  counts[3].coverage = 0.5;
  const auto rows = stack_of(recording_of("POWER9", counts, {1}));
  EXPECT_NEAR(*rows.back().metric.band, 0.475, 1e-9);
  counts[3].coverage = 1;
  counts[0].coverage = 0.5;
  EXPECT_NEAR(*stack_of(recording_of("POWER9", counts, {1})).back().metric.band, 0.95, 1e-9);
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

TEST(Metrics, ArmsTopDownNeedsNoWidth) {
  Recording recording = recording_of("",
                                     {{"armv8_pmuv3_0/stall_slot_frontend/", 200, {1}},
                                      {"armv8_pmuv3_0/stall_slot_backend/", 300, {1}},
                                      {"armv8_pmuv3_0/op_spec/", 500, {1}},
                                      {"armv8_pmuv3_0/op_retired/", 450, {1}}},
                                     {1});
  recording.machine = {{"arch", "aarch64"}};
  const auto evaluated = evaluate_metrics(recording, "topdown,ipc").value();
  ASSERT_EQ(evaluated.trees.size(), 1U);
  EXPECT_EQ(evaluated.trees[0].size(), 5U);  // the parts are the whole: no remainder
  EXPECT_DOUBLE_EQ(row_of(evaluated.trees[0], "topdown.bad-speculation").metric.value->mean, 5);
  ASSERT_EQ(evaluated.unknown.size(), 1U);
  EXPECT_EQ(evaluated.unknown[0].key, "ipc");
  EXPECT_EQ(evaluate_metrics(recording, "cpi-stack").error().kind, Failure::input);
}

}  // namespace
}  // namespace pw
