// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_metrics.h"

#include <gmock/gmock.h>

#include <memory>

#include "analyze/regions/region_analysis.h"

namespace pw {
namespace {

using testing::HasSubstr;

constexpr int kInstructions = 0, kCycles = 1, kTaskClock = 2;

// Two tests of one pass: "outer" has 300 and 600 instructions in 100 and 300 cycles, "within" 100 in 50 of
// both.
class Measured : public testing::Test {
 protected:
  Measured() {
    for (const char* name : {"instructions", "cycles", "task-clock"}) {
      recording.events.emplace_back();
      recording.events.back().name = name;
    }
    recording.passes.resize(1);
    recording.regions = {{-1, "outer", 1, "marks"}, {0, "within", 1, "marks"}};
    add(1, 300, 100);
    add(2, 600, 300);
  }

  void add(int test, std::uint64_t instructions, std::uint64_t cycles) {
    Execution one;
    one.test = test;
    one.pass = 1;
    one.end = {10'000'000'000};
    ExecutionRegions regions;
    regions.threads = {{1, 1, "main", 0, {}}};
    regions.totals = {{0, 0, 1, 0, {2'000'000'000}, {1'000'000'000}},
                      {0, 1, 1, 0, {1'000'000'000}, {1'000'000'000}}};
    regions.counts = {
        {0, kInstructions, instructions, 0, {10}, {10}}, {0, kCycles, cycles, 0, {10}, {10}},
        {1, kInstructions, 100, 0, {10}, {10}},          {1, kCycles, 50, 0, {10}, {10}},
        {0, kTaskClock, 1'000'000'000, 0, {10}, {10}},   {1, kTaskClock, 1'000'000'000, 0, {10}, {10}}};
    one.regions = std::make_shared<ExecutionRegions>(regions);
    recording.executions.push_back(std::move(one));
  }

  ExecutionRegions& regions_of(std::size_t execution) { return *recording.executions[execution].regions; }

  std::vector<RegionRow> rows() {
    std::vector<RegionRow> all = analyze_regions(recording).rows;
    add_metrics(all, recording);
    return all;
  }
  const RegionMetric* find(const std::vector<RegionRow>& rows, std::size_t row, const char* key) {
    const auto& metrics = rows.at(row).metrics;
    const auto found = std::ranges::find(metrics, key, &RegionMetric::key);
    return found == metrics.end() ? nullptr : &*found;
  }

  Recording recording;
};

TEST_F(Measured, AreOfARegionsOwnCountsAndTime) {
  const auto all = rows();
  EXPECT_DOUBLE_EQ(find(all, 0, "ipc")->value->mean, 2.5);  // of 3 and 2
  EXPECT_DOUBLE_EQ(find(all, 1, "ipc")->value->mean, 2);
  EXPECT_EQ(find(all, 0, "ipc")->value->n, 2);
  EXPECT_DOUBLE_EQ(find(all, 0, "cpus-used")->value->mean, 0.5);
  EXPECT_DOUBLE_EQ(find(all, 1, "cpus-used")->value->mean, 1);
  EXPECT_FALSE(find(all, 0, "branch-miss-rate"));  // nobody counted them
}

TEST_F(Measured, WhatWasScaledIsScaledUpAndSaysSo) {
  regions_of(0).counts[1] = {0, kCycles, 50, 0, {20}, {10}, CountStatus::scaled, -1};
  const auto all = rows();
  EXPECT_DOUBLE_EQ(find(all, 0, "ipc")->value->mean, 2.5);
  EXPECT_TRUE(find(all, 0, "ipc")->scaled);
  EXPECT_FALSE(find(all, 1, "ipc")->scaled);
}

TEST_F(Measured, OfSeveralThreadsAreOfTheirSums) {
  regions_of(0).threads.push_back({1, 2, "other", 0, {}});
  regions_of(0).totals.push_back({1, 1, 1, 0, {1'000'000'000}, {1'000'000'000}});
  regions_of(0).counts.push_back({2, kInstructions, 100, 0, {10}, {10}});
  regions_of(0).counts.push_back({2, kCycles, 150, 0, {10}, {10}});
  EXPECT_DOUBLE_EQ(find(rows(), 1, "ipc")->value->mean, (1. + 2.) / 2);
}

TEST_F(Measured, AnUnknownCountLeavesNoneAndItsReason) {
  regions_of(0).reasons = {"1 of 2 calls not counted"};
  regions_of(0).counts[1].status = CountStatus::not_counted;
  regions_of(0).counts[1].reason = 0;
  const auto all = rows();
  EXPECT_FALSE(find(all, 0, "ipc")->value);
  EXPECT_THAT(find(all, 0, "ipc")->why, HasSubstr("1 of 2 calls not counted"));
  EXPECT_TRUE(find(all, 1, "ipc")->value);
}

TEST_F(Measured, WhatOthersDidBesideItIsSaid) {
  regions_of(0).reasons = {"beside others"};
  regions_of(0).counts[2].reason = 0;
  EXPECT_TRUE(find(rows(), 1, "ipc")->beside);
}

TEST_F(Measured, ARegionWithoutAnInstructionHasNoRatio) {
  for (const std::size_t test : {0U, 1U})
    for (const std::size_t count : {2U, 3U}) regions_of(test).counts[count].value = 0;
  EXPECT_EQ(find(rows(), 1, "ipc")->why, "cycles is 0");
}

TEST_F(Measured, WithoutCountsThereAreNone) {
  for (Execution& one : recording.executions) one.regions->counts.clear();
  EXPECT_TRUE(rows().front().metrics.empty());
}

}  // namespace
}  // namespace pw
