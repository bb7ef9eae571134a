// SPDX-License-Identifier: GPL-3.0-or-later
// Everything of a recording, and the rows that the exports hold of it.
#include "analyze/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>

#include "analyze/test_study.h"
#include "model/test_samples.h"

namespace pw {
namespace {

using testing::HasSubstr;

SummaryRow row(const Analysis& analysis, const std::string& quantity) {
  const auto at = std::ranges::find(analysis.summary, quantity, &SummaryRow::quantity);
  if (at == analysis.summary.end()) throw std::runtime_error("no row " + quantity);
  return *at;
}

TEST(Analysis, GoesByTheIndicesOfTheRecording) {
  const Recording recording = test::study_recording();
  const Analysis analysis = analyze(recording, {.lines = true});
  ASSERT_EQ(analysis.run.counters.size(), recording.events.size());
  EXPECT_EQ(analysis.run.counters[3].name, "cache-misses");
  ASSERT_EQ(analysis.power.channels.size(), 1U);
  EXPECT_EQ(analysis.power.channels[0].energy.size(), 33U);
  EXPECT_EQ(analysis.power.channels[0].line.points.size(), recording.samples.size());
  EXPECT_FALSE(analysis.run.elapsed.bootstrap);
  EXPECT_TRUE(analyze(recording, {.bootstrap = true}).run.elapsed.bootstrap);
}

TEST(SummaryRows, EachQuantityHasOne) {
  std::set<std::string> seen;
  for (const SummaryRow& one : analyze(test::study_recording()).summary)
    EXPECT_TRUE(seen.insert(one.quantity).second) << one.quantity;
  for (const char* name :
       {"elapsed", "items-per-second", "user", "system", "max-rss", "cycles", "ipc", "capture/acc",
        "dcmi/readings", "dcmi/system/idle-before", "dcmi/system/energy-net"})
    EXPECT_TRUE(seen.contains(name)) << name;
}

TEST(SummaryRows, AreTheStatisticsOfTheTests) {
  Recording recording = test::small_recording();
  recording.experiment.items = 4;
  const SummaryRow faults = row(analyze(recording), "page-faults");
  EXPECT_EQ(faults.n, 3);
  EXPECT_EQ(faults.mean, 102);
  EXPECT_EQ(faults.median, 102);
  EXPECT_EQ(faults.least, 101);
  EXPECT_EQ(faults.most, 103);
  EXPECT_EQ(faults.deviation, 1);
  EXPECT_NEAR(*faults.cv, 1 / 102.0, 1e-12);
  EXPECT_NEAR(*faults.ci95_high - *faults.mean, 4.3027 / std::sqrt(3), 1e-3);  // t of 2 degrees of freedom
  EXPECT_EQ(faults.outliers, std::nullopt);                                    // not looked for below 5 tests
  EXPECT_EQ(faults.status, "ok");
  const SummaryRow item = row(analyze(recording), "page-faults-per-item");
  EXPECT_EQ(item.mean, 25.5);
  EXPECT_EQ(item.least, 25.25);
  EXPECT_EQ(row(analyze(recording), "page-faults-per-second").mean, 102);
  EXPECT_EQ(row(analyze(recording), "page-faults-per-second").ci95_low, std::nullopt);
}

TEST(SummaryRows, RatesAreOverTheTimeInWhichWasCounted) {
  Recording recording = test::small_recording();
  const double elapsed = row(analyze(recording), "elapsed").mean.value();
  const double rate = row(analyze(recording), "page-faults-per-second").mean.value();
  recording.experiment.delay = Seconds{elapsed / 4};
  EXPECT_NEAR(row(analyze(recording), "page-faults-per-second").mean.value(), rate / 0.75, 1e-3 * rate);
  EXPECT_EQ(row(analyze(recording), "elapsed").mean, elapsed);
}

TEST(SummaryRows, WhatHasNoValueSaysWhy) {
  Recording recording = test::small_recording();
  recording.notes = {{NoteKind::refusal, {}, "rapl: no such zone"}};
  recording.experiment.captures = {{"acc", "ACC"}};
  const Analysis analysis = analyze(recording);
  for (const auto& [quantity, status, reason] : {std::tuple("cycles", "not-supported", "no PMU"),
                                                 {"power", "no-data", "rapl: no such zone"},
                                                 {"capture/acc", "no-data", "never matched"},
                                                 {"ipc", "no-data", "this run did not ask for it"}}) {
    const SummaryRow one = row(analysis, quantity);
    EXPECT_EQ(one.mean, std::nullopt);
    EXPECT_EQ(one.status, status) << quantity;
    EXPECT_THAT(one.reason, HasSubstr(reason)) << quantity;
  }
}

TEST(SummaryRows, OneTestHasNoInterval) {
  Recording recording = test::small_recording();
  recording.executions.resize(1);
  const SummaryRow elapsed = row(analyze(recording), "elapsed");
  EXPECT_EQ(elapsed.n, 1);
  EXPECT_EQ(elapsed.ci95_low, std::nullopt);
  EXPECT_EQ(elapsed.deviation, std::nullopt);
  EXPECT_EQ(elapsed.cv, std::nullopt);
}

TEST(SummaryRows, AnEnergyThatCannotBeHadSaysSo) {
  Recording recording = test::study_recording({2});
  test::change_samples(recording, [](auto& samples) {
    std::erase_if(samples, [](const PowerSample& sample) { return sample.time > test::at(15); });
  });
  const SummaryRow gross = row(analyze(recording), "dcmi/system/energy-gross");
  EXPECT_EQ(gross.mean, std::nullopt);
  EXPECT_EQ(gross.status, "no-data");
  EXPECT_EQ(gross.reason, "no reading near this execution");
  EXPECT_EQ(row(analyze(recording), "dcmi/system/idle-after").status, "no-data");
}

// How often a source was read is written at the end of a run.
TEST(SummaryRows, ReadingsOfAKilledRunAreUnknown) {
  Recording recording = test::study_recording({2});
  EXPECT_GT(row(analyze(recording), "dcmi/readings").mean, 0);
  recording.sources[0] = PowerSource();
  recording.sources[0].name = "dcmi";
  recording.ending = Ending::killed;
  for (const char* quantity : {"dcmi/readings", "dcmi/missed-deadlines", "dcmi/sampler-cpu"}) {
    const SummaryRow one = row(analyze(recording), quantity);
    EXPECT_EQ(one.mean, std::nullopt) << quantity;
    EXPECT_EQ(one.status, "no-data") << quantity;
    EXPECT_EQ(one.reason, "the number of readings was not recorded") << quantity;
  }
}

TEST(SummaryRows, AScaledCountIsCalledSo) {
  Recording recording = test::small_recording();
  for (Execution& one : recording.executions)
    one.readings[0].enabled = {20}, one.readings[0].status = CountStatus::scaled;
  const SummaryRow faults = row(analyze(recording), "page-faults");
  EXPECT_EQ(faults.mean, 408);
  EXPECT_EQ(faults.status, "scaled");
  EXPECT_EQ(faults.reason, "counted 25 % of the time");
}

}  // namespace
}  // namespace pw
