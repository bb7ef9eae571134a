// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/confirmation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::HasSubstr;

Comparison said(CompareVerdict verdict, double low, double high, const std::string& variant = "") {
  Comparison one;
  one.variant = variant;
  one.measured[1] = "job";
  ComparedRow row;
  row.quantity = "elapsed";
  row.ratio = (low + high) / 2;
  row.ci95 = Interval{low, high};
  row.verdict = verdict;
  row.reason = "so";
  one.rows = {row};
  return one;
}

Result<std::vector<ConfirmedLimit>> confirmed(const std::vector<Comparison>& first,
                                              const std::vector<Comparison>& again, bool strict = false) {
  const std::vector<Limit> limits = {*parse_limit("elapsed>2%")};
  const auto broken = broken_limits(first, limits, strict);
  return confirmed_limits(*broken, first, again, strict);
}

const Comparison kWorse = said(CompareVerdict::worse, 1.1, 1.2);

TEST(ConfirmationTest, IsOfTheSameLimitInTheNewRecording) {
  const auto both = confirmed({kWorse}, {said(CompareVerdict::differs, 1.05, 1.3)});
  ASSERT_TRUE(both);
  ASSERT_EQ(both->size(), 1u);
  EXPECT_TRUE(both->front().confirmed);
  EXPECT_EQ(both->front().again, "elapsed: so, over the limit elapsed>2%");
  const auto once = confirmed({kWorse}, {said(CompareVerdict::same, 0.99, 1.01)});
  ASSERT_TRUE(once);
  EXPECT_FALSE(once->front().confirmed);
  EXPECT_EQ(once->front().again, "elapsed: same (so)");
}

TEST(ConfirmationTest, WhatCannotBeToldAgainFailsStrictly) {
  const Comparison untold = said(CompareVerdict::cannot_tell, 0.9, 1.3);
  EXPECT_FALSE(confirmed({kWorse}, {untold})->front().confirmed);
  EXPECT_TRUE(confirmed({kWorse}, {untold}, true)->front().confirmed);
}

TEST(ConfirmationTest, OfSomethingElseIsAnError) {
  Comparison other = kWorse;
  other.measured[1] = "another job";
  EXPECT_THAT(confirmed({kWorse}, {other}).error().what, HasSubstr("of 'another job', not of 'job'"));
  EXPECT_THAT(confirmed({kWorse}, {said(CompareVerdict::not_comparable, 1, 1)}).error().what,
              HasSubstr("cannot be compared in the new recording: so"));
  other = kWorse;
  other.rows.clear();
  EXPECT_THAT(confirmed({kWorse}, {other}).error().what, HasSubstr("it has none"));
  EXPECT_THAT(confirmed({said(CompareVerdict::worse, 1.1, 1.2, "a=1")}, {kWorse}).error().what,
              HasSubstr("no variant 'a=1'"));
}

}  // namespace
}  // namespace pw
