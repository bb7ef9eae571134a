// SPDX-License-Identifier: GPL-3.0-or-later
// Trees over recordings whose numbers add up, or do not.
#include "analyze/metrics/metric_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "analyze/metrics/test_counts.h"
#include "facts/metrics.h"

namespace pw {
namespace {

using test::Count;
using test::recording_of;
using testing::ElementsAre;

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
  EXPECT_THAT(known_trees(MetricInputs(recording)), ElementsAre("cpi-stack"));
}

TEST(MetricTree, AWholeWithoutPartsHasNoRemainder) {
  const Recording recording = recording_of("POWER9", {{"cycles", 2, {1}}, {"instructions", 1, {1}}}, {1});
  EXPECT_EQ(stack_of(recording).size(), 1U);
  EXPECT_TRUE(known_trees(MetricInputs(recording)).empty());
}

TEST(MetricTree, ARemaindersBandKnowsThatItsPartsShareEvents) {
  std::vector<Count> counts = level_one(1000);
  for (Count& count : counts) count.passes = {1};
  counts[3].coverage = 0.5;
  const auto rows = stack_of(recording_of("POWER9", counts, {1}));
  EXPECT_NEAR(*rows.back().metric.band, 0.475, 1e-9);
  counts[3].coverage = 1;
  counts[0].coverage = 0.5;
  EXPECT_NEAR(*stack_of(recording_of("POWER9", counts, {1})).back().metric.band, 0.95, 1e-9);
}

TEST(MetricTree, ArmsTopDownNeedsNoWidth) {
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
