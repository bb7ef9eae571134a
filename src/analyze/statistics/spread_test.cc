// SPDX-License-Identifier: GPL-3.0-or-later
// Bootstrap, outliers and trends. The reference numbers were computed in plain Python: the bootstrap's by
// enumeration of all 7^7 resamples, Mann-Kendall's by that of all permutations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "analyze/statistics/bootstrap.h"
#include "analyze/statistics/robust.h"
#include "analyze/statistics/trend.h"

namespace pw {
namespace {

// Survival of treated mice in days: Efron and Tibshirani, An Introduction to the Bootstrap (1993), table 2.1.
const std::vector<double> kMice = {94, 197, 16, 38, 99, 141, 23};

// Exact: bias 0.030663, acceleration 0.029121, ends at 0.036246 and 0.983975 of the distribution. 10,000
// resamples leave an error of about 0.6 at each end.
TEST(Bootstrap, TheMiceAgreeWithTheExactDistribution) {
  const Interval interval = bootstrap_interval(kMice).value();
  EXPECT_NEAR(interval.low, 46.2857, 2);
  EXPECT_NEAR(interval.high, 138.2857, 2);
}

TEST(Bootstrap, IsTheSameEveryTime) {
  EXPECT_EQ(bootstrap_interval(kMice)->low, bootstrap_interval(kMice)->low);
  EXPECT_EQ(bootstrap_interval(kMice)->high, bootstrap_interval(kMice)->high);
}

TEST(Bootstrap, HasItsLimits) {
  EXPECT_FALSE(bootstrap_interval(std::vector<double>{1, 2}));
  EXPECT_FALSE(bootstrap_interval(std::vector<double>(1001, 1)));
  const Interval same = bootstrap_interval(std::vector<double>{3, 3, 3}).value();
  EXPECT_EQ(same.low, 3);
  EXPECT_EQ(same.high, 3);
  const Interval two = bootstrap_interval(std::vector<double>{0, 0, 0, 0, 1}).value();
  EXPECT_GE(two.low, 0);
  EXPECT_LE(two.high, 1);
}

// Median 94; distances 0 103 78 56 5 47 71.
TEST(Robust, MedianDeviation) {
  EXPECT_EQ(median(kMice), 94);
  EXPECT_EQ(median_deviation(kMice), 56);
  EXPECT_EQ(median_deviation({}), 0);
}

// Median 10, MAD 0.1: the last scores 0.6745 * 2 / 0.1, 10.4 scores 2.698.
TEST(Robust, OutliersByTheModifiedScore) {
  const std::vector<double> values = {9.9, 10, 10.1, 10.4, 9.8, 10, 12};
  const std::vector<Outlier> found = outliers(values);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].index, 6U);
  EXPECT_NEAR(found[0].score, 13.49, 0.01);
  EXPECT_TRUE(outliers(std::vector<double>{1, 1, 1, 9}).empty());
}

// The median deviation is 0, the mean deviation 2/6: 0.7979 * 2 / (2/6).
TEST(Robust, OutliersAmongEqualValues) {
  const std::vector<Outlier> found = outliers(std::vector<double>{5, 5, 5, 7, 5, 5});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].score, 4.787, 0.001);
  EXPECT_TRUE(outliers(std::vector<double>{5, 5, 5, 5, 5}).empty());
}

std::vector<double> counted(std::size_t n) {
  std::vector<double> numbers;
  for (std::size_t i = 1; i <= n; ++i) numbers.push_back(static_cast<double>(i));
  return numbers;
}

TEST(Trend, ExactForFewValues) {
  const std::vector<double> falling = {10.9, 10.5, 10.6, 10.3, 10.2, 10.25, 10.1, 10.05};
  const Trend found = trend(counted(8), falling).value();
  EXPECT_EQ(found.s, -24);
  EXPECT_NEAR(found.p, 0.001736111, 1e-9);
  EXPECT_NEAR(found.slope, -0.1, 1e-12);
  EXPECT_TRUE(found.significant());
  // Five values in order come by chance once in 60 times, which is no evidence at 1 %; six, once in 360
  // times.
  EXPECT_NEAR(trend(counted(5), counted(5))->p, 2.0 / 120, 1e-12);
  EXPECT_FALSE(trend(counted(5), counted(5))->significant());
  EXPECT_NEAR(trend(counted(6), counted(6))->p, 2.0 / 720, 1e-12);
  EXPECT_FALSE(trend(counted(4), counted(4)));
}

// S = -57, variance 607/3 with ties, z = -3.93690.
TEST(Trend, NormalWhereThereAreTies) {
  const Trend found = trend(counted(12), std::vector<double>{5, 5, 4, 4, 4, 3, 3, 2, 2, 1, 1, 1}).value();
  EXPECT_EQ(found.s, -57);
  EXPECT_NEAR(found.p, 8.254122e-5, 1e-10);
  EXPECT_NEAR(found.slope, -0.4, 1e-12);
  EXPECT_EQ(trend(counted(6), std::vector<double>(6, 1))->p, 1);
}

TEST(Trend, LongSeriesAreThinned) {
  const Trend found = trend(counted(10'001), counted(10'001)).value();
  EXPECT_NEAR(found.slope, 1, 1e-12);
  EXPECT_TRUE(found.significant());
}

}  // namespace
}  // namespace pw
