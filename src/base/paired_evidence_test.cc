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

struct Tally {
  int differs = 0, same = 0;
  double tests = 0;  // the mean of runs that are decided
};

// 4,000 runs of two variants with 2 % of noise each, looked at after every test until it is decided within 2
// %.
Tally runs(double difference) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> noise(0, 0.02);
  constexpr int kRuns = 4000, kMostTests = 200;
  Tally tally;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> ratios;
    PairDecision decision = PairDecision::open;
    while (decision == PairDecision::open && ratios.size() < kMostTests) {
      ratios.push_back(std::log1p(difference) + noise(random) - noise(random));
      decision = decide_pairs(ratios, 0.02, 1);
    }
    tally.differs += decision == PairDecision::differs;
    tally.same += decision == PairDecision::same;
    tally.tests += static_cast<double>(ratios.size()) / kRuns;
  }
  return tally;
}

TEST(PairedEvidence, DecidesFalselyInFivePercentAtMost) {
  const Tally equal = runs(0), two = runs(0.0201);
  EXPECT_LE(equal.differs, 200);
  EXPECT_GE(equal.same, 3700);
  EXPECT_LE(two.same, 200);
  EXPECT_GE(runs(0.05).differs, 3990);
}

// As many as the simulation in docs/method.md tells.
TEST(PairedEvidence, DecidesAfterSoManyTests) {
  EXPECT_NEAR(runs(0.05).tests, 8, 1.5);
  EXPECT_NEAR(runs(0.03).tests, 13, 2);
  EXPECT_NEAR(runs(0).tests, 27, 3);
}

TEST(PairedEvidence, OfManyComparisonsEachMustShowMore) {
  const std::vector<double> ratios = with_t(5, 9);
  EXPECT_EQ(decide_pairs(ratios, 0.02, 1), PairDecision::differs);
  EXPECT_EQ(decide_pairs(ratios, 0.02, 10), PairDecision::open);
  EXPECT_EQ(decide_pairs(std::vector<double>(4, 1.0), 0.02, 1), PairDecision::open);
  EXPECT_EQ(decide_pairs(std::vector<double>(5, 0.01), 0.02, 1), PairDecision::differs);
}

}  // namespace
}  // namespace pw
