// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/rank_sum.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "analyze/compare/mean_difference.h"

namespace pw {
namespace {

std::vector<double> counted(int first, int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), first);
  return values;
}

// Known answers: 2 / C(n + m, n) where the samples are apart; Hollander and Wolfe's tables.
TEST(RankSum, IsExactWithoutTies) {
  EXPECT_NEAR(rank_sum_p(counted(1, 3), counted(4, 3)), 0.1, 1e-12);
  EXPECT_NEAR(rank_sum_p(counted(1, 8), counted(9, 8)), 2 / 12870.0, 1e-15);
  EXPECT_NEAR(rank_sum_p(std::vector<double>{1, 2, 4}, std::vector<double>{3, 5, 6}), 0.2, 1e-12);
  EXPECT_EQ(rank_sum_p({}, counted(1, 3)), 1);
}

TEST(RankSum, KnowsTies) {
  const std::vector<double> a = {1, 1, 2}, b = {2, 3, 3};
  EXPECT_NEAR(rank_sum_p(a, b), 0.2,
              1e-12);  // 4 of the 20 choices are as far: {1, 1, 2} twice and its mirror
  const std::vector<double> same(5, 7.0);
  EXPECT_EQ(rank_sum_p(same, same), 1);
  EXPECT_LT(rank_sum_p(std::vector<double>(40, 1.0), std::vector<double>(40, 2.0)), 1e-6);
}

TEST(Shift, IsTheMedianOfAllDifferences) {
  EXPECT_EQ(shift_of(counted(0, 5), counted(10, 5)), 10);
  EXPECT_EQ(shift_of(std::vector<double>{0, 0, 100}, std::vector<double>{1, 1, 1}), 1);
  EXPECT_NEAR(shift_of(counted(0, 3000), counted(7, 3000)), 7, 1);
}

TEST(Shift, HasAnIntervalFromFourValuesOn) {
  EXPECT_FALSE(shift_interval(counted(0, 3), counted(0, 3), 0.95));
  EXPECT_TRUE(shift_interval(counted(0, 3), counted(0, 3), 0.9));
  const auto all = shift_interval(counted(0, 4), counted(10, 4), 0.95);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->low, 7);
  EXPECT_EQ(all->high, 13);
  const auto many = shift_interval(counted(0, 2000), counted(0, 2000), 0.95);
  ASSERT_TRUE(many);
  EXPECT_LT(many->low, 0);
  EXPECT_GT(many->low, -200);
}

TEST(MeanTest, IsWelchsWhereSizesAndSpreadsAreApart) {
  const std::vector<double> narrow = {10, 10.1, 9.9, 10, 10.1, 9.9, 10, 10.1, 9.9, 10, 10.1, 9.9};
  const std::vector<double> wide = {9, 10, 11, 12};
  EXPECT_LT(mean_test(narrow, wide)->freedom, 4);
  EXPECT_EQ(mean_test(narrow, narrow)->freedom, 22);
  EXPECT_EQ(mean_test(narrow, narrow)->p(), 1);
  EXPECT_FALSE(mean_test(narrow, std::vector<double>{1}));
  EXPECT_EQ(mean_test(std::vector<double>{1, 1}, std::vector<double>{2, 2})->p(), 0);
}

}  // namespace
}  // namespace pw
