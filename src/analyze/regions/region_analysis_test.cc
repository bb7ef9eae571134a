// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_analysis.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::ElementsAre;

Nanoseconds ms(double value) { return to_nanoseconds({value * 1e-3}); }

Execution execution(int test, int pass, ExecutionRegions regions) {
  Execution one;
  one.test = test;
  one.pass = pass;
  one.begin = ms(1000 * test);
  one.end = one.begin + ms(100);
  one.regions = std::make_shared<ExecutionRegions>(std::move(regions));
  return one;
}

// Two tests of two passes: outer/inner in two threads, and a region that only the second test has.
Recording recording_with_regions() {
  Recording recording;
  recording.experiment.tests = 2;
  recording.passes.resize(2);
  recording.mark_cost = Nanoseconds{100};
  recording.regions = {{-1, "outer", 1, "marks"},
                       {-1, "late", 1, "marks"},
                       {0, "in/ner", 1, "marks"},
                       {0, "in/ner", 2, "marks"}};
  const std::vector<RegionThread> threads = {{1, 1, "a", 0}, {1, 2, "b", 0}};
  const auto regions = [&](double outer, double inner) {
    return ExecutionRegions{threads,
                            {{0, 0, 1, 2, ms(outer), ms(outer - inner)},
                             {0, 2, 10, 0, ms(inner), ms(inner)},
                             {1, 0, 1, 3, ms(10), ms(10)}},
                            {{0, 2, ms(1), ms(2)}, {0, 2, ms(3), ms(6)}}};
  };
  ExecutionRegions with_late = regions(50, 20);
  with_late.totals.push_back({1, 1, 10000, 0, ms(4), ms(4)});
  recording.executions = {execution(1, 1, regions(40, 20)), execution(1, 2, regions(60, 20)),
                          execution(2, 1, with_late), execution(2, 2, with_late)};
  return recording;
}

TEST(RegionAnalysis, AddsThreadsAndAveragesPasses) {
  const RegionAnalysis analysis = analyze_regions(recording_with_regions());
  std::vector<std::string> paths;
  for (const RegionRow& row : analysis.rows) paths.push_back(row.path);
  EXPECT_THAT(paths, ElementsAre("outer", "outer/in\\/ner", "outer/in\\/ner#2", "late"));
  const RegionRow& outer = analysis.rows[0];
  EXPECT_EQ(outer.seconds->n, 2);
  EXPECT_NEAR(outer.seconds->mean, 0.060, 1e-12);
  EXPECT_NEAR(outer.seconds->deviation, 0, 1e-12);
  EXPECT_NEAR(outer.own->mean, 0.040, 1e-12);
  EXPECT_EQ(outer.calls->mean, 2);
  EXPECT_EQ(outer.items->mean, 5);
  EXPECT_NEAR(*outer.mean, 0.030, 1e-12);
  EXPECT_NEAR(*outer.share, 0.6, 1e-12);
  EXPECT_EQ(outer.threads, 2);
  EXPECT_NEAR(*outer.imbalance, (1.6 + 12. / 7 + 5. / 3 + 5. / 3) / 4, 1e-12);
  EXPECT_EQ(analysis.rows[1].threads, 1);
  EXPECT_FALSE(analysis.rows[1].imbalance);
  EXPECT_FALSE(outer.p50);
  EXPECT_EQ(analysis.rows[1].depth, 1);
  EXPECT_EQ(analysis.threads, 2u);
}

TEST(RegionAnalysis, TakesPercentilesOfWhatWasKept) {
  const RegionAnalysis analysis = analyze_regions(recording_with_regions());
  const RegionRow& inner = analysis.rows[1];
  EXPECT_EQ(inner.logged, 8u);
  EXPECT_NEAR(*inner.p50, 0.001, 1e-12);
  EXPECT_NEAR(*inner.p99, 0.003, 1e-12);
  EXPECT_FALSE(inner.below_floor);
}

// Ten of a millisecond that are all that began; later ones of two, of which three stand for ninety.
TEST(RegionAnalysis, WeighsWhatWasDrawn) {
  Recording recording = recording_with_regions();
  ExecutionRegions regions{{{1, 1, "a", 87, ms(100)}}, {{0, 0, 100, 0, ms(190), ms(190)}}, {}};
  for (int i = 0; i < 13; ++i)
    regions.log.push_back({0, 0, ms(i < 10 ? 2 * i : 100 * i), ms(i < 10 ? 2 * i + 1 : 100 * i + 2)});
  recording.executions = {execution(1, 1, regions)};
  const RegionRow row = analyze_regions(recording).rows.at(0);
  EXPECT_EQ(row.logged, 13u);
  EXPECT_NEAR(*row.p50, 0.002, 1e-12);
}

TEST(RegionAnalysis, CorrectsForTheMarksWithin) {
  const Recording recording = recording_with_regions();
  ASSERT_TRUE(recording.mark_cost);
  const RegionAnalysis analysis = analyze_regions(recording);
  const RegionRow &outer = analysis.rows[0], &inner = analysis.rows[2];
  const double within = analysis.rows[1].calls->mean + inner.calls->mean;
  EXPECT_NEAR(*outer.corrected, outer.seconds->mean - within * to_seconds(*recording.mark_cost).value, 1e-12);
  EXPECT_LT(*outer.corrected, outer.seconds->mean);
  EXPECT_EQ(*inner.corrected, inner.seconds->mean);
}

TEST(RegionAnalysis, WhatATestDidNotMarkTookNoTimeInIt) {
  const RegionAnalysis analysis = analyze_regions(recording_with_regions());
  const RegionRow& late = analysis.rows[3];
  EXPECT_EQ(late.calls->mean, 5000);
  EXPECT_NEAR(late.seconds->mean, 0.002, 1e-12);
  EXPECT_NEAR(*late.mean, 400e-9, 1e-15);
  EXPECT_TRUE(late.below_floor);
  EXPECT_EQ(analysis.rows[2].calls->mean, 0);  // seen, but never ended
  EXPECT_FALSE(analysis.rows[2].mean);
}

TEST(RegionAnalysis, LeavesOutWarmUpsFailuresAndExecutionsWithoutMarks) {
  Recording recording = recording_with_regions();
  recording.executions[2].exit_status = 1;
  recording.executions[3].test = 0;
  recording.executions[1].regions = nullptr;
  const RegionAnalysis analysis = analyze_regions(recording);
  EXPECT_EQ(analysis.rows[0].seconds->n, 1);
  EXPECT_NEAR(analysis.rows[0].seconds->mean, 0.050, 1e-12);
  EXPECT_TRUE(analyze_regions(Recording{}).rows.empty());
  for (Execution& one : recording.executions) one.regions = nullptr;
  EXPECT_TRUE(analyze_regions(recording).rows.empty());
}

}  // namespace
}  // namespace pw
