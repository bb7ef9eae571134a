// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/history/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analyze/test_study.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

HistoryEntry entry(int day, double seconds, const std::string& kernel = "6.1") {
  HistoryEntry one;
  one.name = "day" + std::to_string(day) + ".perfwatt";
  one.label = "job";
  one.start_unix_s = day * 86400.0;
  one.facts = {{"kernel", kernel}, {"items", "500"}};
  ComparableQuantity elapsed;
  elapsed.name = "elapsed";
  elapsed.unit = "s";
  elapsed.better = Direction::lower;
  elapsed.first_hand = elapsed.of_execution = true;
  for (int test = 1; test <= 3; ++test) elapsed.tests.push_back({test, seconds, {}});
  one.quantities = {elapsed};
  return one;
}

std::vector<HistoryEntry> month(double step, int at = 15, double noise = 0.01) {
  std::mt19937_64 random(1);
  std::vector<HistoryEntry> all;
  for (int day = 0; day < 30; ++day) {
    const double level = day < at ? 10 : 10 * (1 + step);
    all.push_back(entry(day, level * std::exp(noise * std::normal_distribution<double>()(random)),
                        day < at ? "6.1" : "6.2"));
  }
  return all;
}

TEST(History, AStepOfFivePercentAndWhatChangedThere) {
  const auto groups = history(month(0.05), {});
  ASSERT_EQ(groups.size(), 1U);
  ASSERT_EQ(groups.front().series.size(), 1U);
  const auto& changes = groups.front().series.front().changes;
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes.front().recording, 15U);
  EXPECT_NEAR(*changes.front().ratio, 1.05, 0.01);
  EXPECT_LE(changes.front().ci95->low, 1.05);
  EXPECT_EQ(changes.front().verdict, CompareVerdict::worse);
  const auto differences = groups.front().differences(15);
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences.front().key, "kernel");
  EXPECT_EQ(differences.front().after, "6.2");
}

TEST(History, LessTimeIsBetterAndLittleIsNotTold) {
  EXPECT_EQ(history(month(-0.05), {}).front().series.front().changes.front().verdict, CompareVerdict::better);
  EXPECT_THAT(history(month(0.005, 15, 1e-4), {}).front().series.front().changes, IsEmpty());
  EXPECT_THAT(history(month(0), {}).front().series.front().changes, IsEmpty());
}

TEST(History, RecordingsAreInTheOrderOfTimeAndByLabel) {
  std::vector<HistoryEntry> mixed = month(0.05);
  std::ranges::reverse(mixed);
  mixed.push_back(entry(31, 3));
  mixed.back().label = "other";
  const auto groups = history(mixed, {});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].recordings.front().name, "day0.perfwatt");
  EXPECT_EQ(groups[0].series.front().changes.front().recording, 15U);
  EXPECT_EQ(groups[1].recordings.size(), 1U);
  EXPECT_THAT(groups[1].series.front().changes, IsEmpty());
  EXPECT_THAT(groups[1].differences(0), IsEmpty());
}

TEST(History, AnotherThingBehindTheNameIsASeriesOfItsOwn) {
  std::vector<HistoryEntry> all = month(0.05);
  for (std::size_t i = 15; i < all.size(); ++i) all[i].quantities.front().identity = "PM_OTHER";
  const auto groups = history(all, {});
  ASSERT_EQ(groups.front().series.size(), 2U);
  EXPECT_THAT(groups.front().series[1].identity, HasSubstr("PM_OTHER"));
  EXPECT_THAT(groups.front().series[0].changes, IsEmpty());
}

TEST(History, NothingComesOutOfNothing) {
  EXPECT_THAT(history({}, {}), IsEmpty());
  std::vector<HistoryEntry> zeros = month(0);
  for (HistoryEntry& one : zeros)
    for (TestValue& test : one.quantities.front().tests) test.value = 0;
  EXPECT_THAT(history(zeros, {}).front().series.front().changes, IsEmpty());
  std::vector<HistoryEntry> none = month(0);
  for (HistoryEntry& one : none) one.quantities.front().tests.clear();
  EXPECT_THAT(history(none, {}).front().series, IsEmpty());
}

TEST(History, OfARecording) {
  const Recording study = test::study_recording();
  const Analysis analysis = analyze(study);
  const HistoryEntry one = history_entry("a", {&study, &analysis});
  EXPECT_EQ(one.label, "ResNet-50, TensorFlow 2.1.1");
  EXPECT_EQ(one.start_unix_s, 1604864478);
  EXPECT_GT(one.quantities.size(), 10U);
}

}  // namespace
}  // namespace pw
