// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/signed_rank.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace pw {
namespace {

// R 4.2: wilcox.test(d, exact = TRUE)$p.value; 2 / 2^n where all have one sign.
TEST(SignedRank, KnownP) {
  EXPECT_NEAR(signed_rank_p(std::vector{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}), 2.0 / 64, 1e-12);
  EXPECT_NEAR(signed_rank_p(std::vector{-1.0, 2.0, 3.0, 4.0, 5.0, 6.0}), 4.0 / 64, 1e-12);
  EXPECT_NEAR(signed_rank_p(std::vector{-3.0, 1.0, 2.0, 4.0}), 2 * 5.0 / 16,
              1e-12);  // ranks with a sum up to 3: {}, 1, 2, 3, 1 2
  EXPECT_EQ(signed_rank_p(std::vector{0.0, 0.0}), 1);
  EXPECT_EQ(signed_rank_p(std::vector<double>{}), 1);
  EXPECT_EQ(signed_rank_p(std::vector{1.0, -1.0, 1.0, -1.0}), 1);
}

TEST(SignedRank, ZerosAreLeftOut) {
  EXPECT_EQ(signed_rank_p(std::vector{0.0, 1.0, 2.0, 3.0}), signed_rank_p(std::vector{1.0, 2.0, 3.0}));
}

TEST(SignedRank, TheNormalApproximationFollowsTheExactOne) {
  std::vector<double> many(50);
  std::iota(many.begin(), many.end(), -15.5);
  const double exact = signed_rank_p(many);
  many.push_back(0.01);
  EXPECT_NEAR(signed_rank_p(many), exact, 0.002);
}

TEST(SignedRank, ShiftAndInterval) {
  const std::vector<double> six = {1, 2, 3, 4, 5, 60};
  EXPECT_EQ(pseudo_median(six), 3.5);
  const auto interval = pseudo_median_interval(six, 0.95);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->low, 1);
  EXPECT_EQ(interval->high, 60);
  EXPECT_FALSE(pseudo_median_interval(std::vector{1.0, 2.0, 3.0, 4.0, 5.0}, 0.95));
  EXPECT_FALSE(pseudo_median_interval(std::vector<double>{}, 0.95));
  EXPECT_EQ(pseudo_median(std::vector<double>{}), 0);
}

TEST(SignedRank, ManyDifferencesAreThinned) {
  std::vector<double> many(100'000);
  std::iota(many.begin(), many.end(), 0.0);
  EXPECT_NEAR(pseudo_median(many), 49'999.5, 100);
  const auto interval = pseudo_median_interval(many, 0.95);
  ASSERT_TRUE(interval);
  EXPECT_LT(interval->low, 50'000);
  EXPECT_GT(interval->high, 49'999);
}

}  // namespace
}  // namespace pw
