// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/aa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <cmath>

#include "analyze/compare/test_samples.h"
#include "analyze/test_study.h"

namespace pw {
namespace {

std::vector<CompareInput> one_series(const std::vector<double>& values) {
  CompareInput one;
  one.quantity = "elapsed";
  one.named = true;
  one.old_tests = {values};
  return {one};
}

TEST(Aa, AStepIsFoundByTheBlocksOnEitherSide) {
  test::Random random(1);
  std::vector<double> values;
  for (int i = 0; i < 110; ++i) values.push_back((i < 55 ? 10 : 12) * std::exp(0.005 * test::normal(random)));
  const AaClaims claims = aa_of_blocks(one_series(values), {});
  EXPECT_EQ(claims.values, 11U);
  EXPECT_EQ(claims.comparisons, 89U);
  EXPECT_EQ(claims.apart, 5U);
  EXPECT_GE(claims.claimed, 5U);
  EXPECT_LE(claims.claimed, 30U);
  ASSERT_EQ(claims.rows.size(), 1U);
  EXPECT_EQ(claims.rows.front().claimed, claims.claimed);
  EXPECT_EQ(claims.rows.front().compared, claims.comparisons);
}

TEST(Aa, AConstantClaimsNothing) {
  const AaClaims claims = aa_of_blocks(one_series(std::vector<double>(40, 3.0)), {});
  EXPECT_GT(claims.comparisons, 0U);
  EXPECT_EQ(claims.claimed, 0U);
}

TEST(Aa, LongRecordingsAreNotComparedMoreThanFiveHundredTimes) {
  test::Random random(2);
  std::vector<double> values;
  for (int i = 0; i < 5000; ++i) values.push_back(10 + test::normal(random));
  EXPECT_LE(aa_of_blocks(one_series(values), {}).comparisons, 500U);
  EXPECT_EQ(aa_of_blocks(one_series({}), {}).comparisons, 0U);
}

Result<Aa> aa_of(const std::vector<Recording>& recordings) {
  std::vector<Analysis> analyses;
  analyses.reserve(recordings.size());
  std::vector<Explanation> all;
  for (const Recording& one : recordings) all.push_back({&one, &analyses.emplace_back(analyze(one))});
  return compare_aa(all, {});
}

TEST(Aa, RecordingsOfOneThing) {
  const auto aa = aa_of(std::vector<Recording>(7, test::study_recording()));
  ASSERT_TRUE(aa);
  ASSERT_EQ(aa->claims.size(), 2U);
  EXPECT_EQ(aa->claims[0].comparisons, 21U);
  EXPECT_EQ(aa->claims[0].claimed, 0U);
  EXPECT_EQ(aa->claims[1].basis, Basis::sessions);
  EXPECT_EQ(aa->claims[1].comparisons, 2U);
  const auto elapsed = std::ranges::find(aa->spread, "elapsed", &SessionSpread::quantity);
  ASSERT_NE(elapsed, aa->spread.end());
  EXPECT_NEAR(elapsed->deviation, 0, 1e-12);
}

TEST(Aa, WhatCannotBeDone) {
  Recording other = test::study_recording();
  other.experiment.label = "VGG";
  const auto mixed = aa_of({test::study_recording(), other});
  ASSERT_FALSE(mixed);
  EXPECT_THAT(mixed.error().what, testing::HasSubstr("not one and the same"));
  const auto few = aa_of({test::small_recording()});
  ASSERT_FALSE(few);
  EXPECT_THAT(few.error().what, testing::HasSubstr("3 tests"));
}

}  // namespace
}  // namespace pw
