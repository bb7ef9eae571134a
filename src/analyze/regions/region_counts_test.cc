// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_counts.h"

#include <gmock/gmock.h>

#include "analyze/regions/region_analysis.h"

namespace pw {
namespace {

using testing::HasSubstr;

Event event_named(const char* name, double scale = 1) {
  Event event;
  event.name = name;
  event.scale = scale;
  return event;
}

// Two tests of two passes, of which each counts one event; "within" is in "outer".
class Counted : public testing::Test {
 protected:
  Counted() {
    recording.events = {event_named("faults"), event_named("cycles", 2)};
    recording.passes.resize(2);
    recording.regions = {{-1, "outer", 1, "marks"}, {0, "within", 1, "marks"}};
    for (int test = 1; test <= 2; ++test)
      for (int pass = 1; pass <= 2; ++pass) add(test, pass);
  }

  void add(int test, int pass) {
    Execution one;
    one.test = test;
    one.pass = pass;
    one.end = {1'000'000'000};
    const int event = pass - 1;
    one.readings = {{event, 1000, {10}, {10}, CountStatus::ok, ""}};
    ExecutionRegions regions;
    regions.threads = {{1, 1, "main", 0, {}}};
    regions.totals = {{0, 0, 2, 4, {900}, {500}}, {0, 1, 10, 0, {400}, {400}}};
    const auto value = static_cast<std::uint64_t>(100 * test);
    regions.counts = {{0, event, 2 * value, value, {10}, {10}}, {1, event, value, value, {10}, {10}}};
    one.regions = std::make_shared<ExecutionRegions>(regions);
    recording.executions.push_back(std::move(one));
  }

  ExecutionRegions& regions_of(std::size_t execution) { return *recording.executions[execution].regions; }
  RegionEvent of(std::size_t row, std::size_t event) {
    return analyze_regions(recording).rows.at(row).counts.at(event);
  }

  Recording recording;
};

TEST_F(Counted, PassesMeetInTheRegionsOfATest) {
  const RegionEvent faults = of(0, 0), cycles = of(1, 1);
  EXPECT_EQ(faults.value->n, 2);
  EXPECT_DOUBLE_EQ(faults.value->mean, 300);
  EXPECT_DOUBLE_EQ(faults.own->mean, 150);
  EXPECT_DOUBLE_EQ(*faults.per_call, 150);
  EXPECT_DOUBLE_EQ(*faults.per_item, 75);
  EXPECT_DOUBLE_EQ(*faults.share, 0.3);
  EXPECT_DOUBLE_EQ(cycles.value->mean, 300);  // in the event's unit
  EXPECT_FALSE(cycles.per_item);
}

TEST_F(Counted, WhatWasScaledSaysSo) {
  regions_of(0).counts[0] = {0, 0, 100, 50, {20}, {10}, CountStatus::scaled, -1};
  EXPECT_TRUE(of(0, 0).scaled);
  EXPECT_DOUBLE_EQ(of(0, 0).value->mean, (200 + 400) / 2.);
}

TEST_F(Counted, OneCountThatIsUnknownLeavesNoMean) {
  regions_of(2).reasons = {"1 of 2 calls not counted"};
  regions_of(2).counts[0].status = CountStatus::not_counted;
  regions_of(2).counts[0].reason = 0;
  EXPECT_FALSE(of(0, 0).value);
  EXPECT_FALSE(of(0, 0).share);
  EXPECT_EQ(of(0, 0).why, "not-counted: 1 of 2 calls not counted");
  EXPECT_TRUE(of(1, 0).value);
}

TEST_F(Counted, BesideOthersASingleThreadHasItsValueAndSeveralHaveNone) {
  regions_of(0).reasons = {"beside others"};
  regions_of(0).counts[1].reason = 0;
  EXPECT_TRUE(of(1, 0).beside);
  EXPECT_TRUE(of(1, 0).value);
  regions_of(0).threads.push_back({1, 2, "other", 0, {}});
  regions_of(0).totals.push_back({1, 1, 10, 0, {400}, {400}});
  regions_of(0).counts.push_back({2, 0, 100, 100, {10}, {10}, CountStatus::ok, 0});
  EXPECT_FALSE(of(1, 0).value);
  EXPECT_THAT(of(1, 0).why, HasSubstr("several threads were in it"));
}

TEST_F(Counted, WhatWorkersCountIsInTheirLeadersAlready) {
  recording.region_scope = "team";
  for (Execution& one : recording.executions) {
    one.regions->reasons = {"1 of 1 calls for another thread, whose regions count them, too"};
    one.regions->threads.push_back({1, 2, "worker", 0, {}});
    one.regions->totals.push_back({1, 1, 1, 0, {400}, {400}});
    one.regions->counts.push_back({2, one.pass - 1, 40, 30, {10}, {10}, CountStatus::ok, 0});
  }
  EXPECT_DOUBLE_EQ(of(1, 0).value->mean, 150);
  EXPECT_FALSE(of(1, 0).beside);
  for (Execution& one : recording.executions) one.regions->counts.erase(one.regions->counts.begin() + 1);
  EXPECT_DOUBLE_EQ(of(1, 0).value->mean, 40);  // of workers alone
  EXPECT_DOUBLE_EQ(of(1, 0).own->mean, 30);
}

TEST_F(Counted, AnEventThatRegionsDoNotCountIsInNoRow) {
  recording.events.push_back(event_named("uncore"));
  EXPECT_EQ(analyze_regions(recording).rows[0].counts.size(), 2u);
  for (Execution& one : recording.executions) one.regions->counts.clear();
  EXPECT_TRUE(analyze_regions(recording).rows[0].counts.empty());
}

}  // namespace
}  // namespace pw
