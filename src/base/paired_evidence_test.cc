// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paired_evidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace pw {
namespace {

// n differences of which Student's t is `t`.
std::vector<double> with_t(int n, double t) {
  std::vector<double> all;
  for (int i = 0; i < n; ++i) all.push_back(i % 2 ? 1 : -1);
  if (n % 2) all.back() = 0;
  double squares = 0;
  for (const double one : all) squares += one * one;
  const double shift = t * std::sqrt(squares / (n - 1)) / std::sqrt(n);
  for (double& one : all) one += shift;
  return all;
}

TEST(PairedEvidence, ReachesTwentyAtTheseValuesOfT) {
  for (const auto& [n, t] : {std::pair{5, 8.45}, {6, 5.45}, {8, 4.25}, {11, 3.76}, {20, 3.42}}) {
    EXPECT_LT(paired_evidence(with_t(n, t - 0.02)), 20) << n;
    EXPECT_GT(paired_evidence(with_t(n, t + 0.02)), 20) << n;
  }
}

TEST(PairedEvidence, OfTheEndsOfARangeIsItsLimit) {
  const std::vector<double> all = {0.1, 0.3, -0.2, 0.4, 0.15, 0.2};
  const auto range = means_below_evidence(all, 10);
  ASSERT_TRUE(range);
  for (const double end : {range->low, range->high}) {
    std::vector<double> moved = all;
    for (double& one : moved) one -= end;
    EXPECT_NEAR(paired_evidence(moved), 10, 1e-6);
  }
  EXPECT_FALSE(means_below_evidence(with_t(3, 1), 10));  // no t of three reaches it
}

TEST(PairedEvidence, KnowsDifferencesThatAreAllTheSame) {
  EXPECT_EQ(paired_evidence(std::vector<double>{0, 0, 0}), 0);
  EXPECT_TRUE(std::isinf(paired_evidence(std::vector<double>{0.5, 0.5, 0.5})));
  EXPECT_EQ(paired_evidence(std::vector<double>{0.5}), 0);
  EXPECT_EQ(paired_evidence({}), 0);
  EXPECT_FALSE(means_below_evidence({}, 10));
  const auto point = means_below_evidence(std::vector<double>(5, 0.01), 10);
  ASSERT_TRUE(point);
  EXPECT_EQ(point->low, point->high);
}

// Looked at after every test from the fifth to the sixtieth.
TEST(PairedEvidence, ClaimsSeldomOverEqualThingsHoweverOftenItIsLookedAt) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  int claims = 0;
  for (int run = 0; run < 4000; ++run) {
    std::vector<double> differences;
    bool claimed = false;
    while (differences.size() < 60 && !claimed) {
      differences.push_back(normal(random));
      claimed = differences.size() >= 5 && paired_evidence(differences) >= 20;
    }
    claims += claimed;
  }
  EXPECT_LE(claims, 200);  // 5 %
  EXPECT_GE(claims, 10);   // else it could never tell
}

}  // namespace
}  // namespace pw
