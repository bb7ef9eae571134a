// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/change_points.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace pw {
namespace {

std::vector<double> noisy(std::mt19937_64& random, int size, double level, double noise) {
  std::vector<double> values;
  for (int i = 0; i < size; ++i)
    values.push_back(level * std::exp(noise * std::normal_distribution<double>()(random)));
  return values;
}

std::vector<double> joined(std::vector<double> one, const std::vector<double>& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

TEST(ChangePoints, AStepOfFivePercentIsFound) {
  std::mt19937_64 random(1);
  int found = 0, placed = 0;
  for (int i = 0; i < 100; ++i) {
    const auto changes = change_points(joined(noisy(random, 20, 10, 0.02), noisy(random, 20, 10.5, 0.02)));
    found += !changes.empty();
    for (const ChangePoint& one : changes) placed += std::abs(static_cast<double>(one.at) - 20) <= 2;
  }
  EXPECT_EQ(found, 100);
  EXPECT_GE(placed, 85);
}

TEST(ChangePoints, WithoutNoiseItIsFoundWhereItIs) {
  std::mt19937_64 random(2);
  const auto changes = change_points(joined(noisy(random, 12, 10, 1e-4), noisy(random, 8, 10.5, 1e-4)));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes.front().at, 12U);
  EXPECT_LE(changes.front().p, 0.01);
}

TEST(ChangePoints, TwoSteps) {
  std::mt19937_64 random(3);
  const auto changes = change_points(joined(
      joined(noisy(random, 15, 10, 0.005), noisy(random, 15, 10.5, 0.005)), noisy(random, 15, 11, 0.005)));
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].at, 15U);
  EXPECT_EQ(changes[1].at, 30U);
}

// 200 series each of what machines show; the stated rate is 1 %: of 1,000 more than 18 are as likely as 0.7
// %.
TEST(ChangePointsCoverage, StationarySeriesAlarmSeldom) {
  std::mt19937_64 random(4);
  int alarms = 0;
  for (int i = 0; i < 1000; ++i) {
    std::vector<double> values = noisy(random, 20 + i % 41, 10, 0.02);
    if (i % 5 == 1)
      for (double& value : values) value += std::exp(value - 9);  // skewed
    if (i % 5 == 2)
      for (double& value : values) value *= random() % 10 == 0 ? 1.3 : 1;  // outliers
    if (i % 5 == 3)
      for (double& value : values) value *= random() % 3 == 0 ? 1.05 : 1;  // two levels
    if (i % 5 == 4)
      for (double& value : values) value = std::round(value * 5) / 5;  // ties
    alarms += !change_points(values).empty();
  }
  EXPECT_LE(alarms, 18);
}

TEST(ChangePoints, NothingComesOutOfNothing) {
  EXPECT_TRUE(change_points({}).empty());
  EXPECT_TRUE(change_points(std::vector<double>(50, 1.0)).empty());
  EXPECT_TRUE(change_points(std::vector{1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0}).empty());  // fewer than nine
  std::vector<double> one_outlier(30, 1.0);
  one_outlier[20] = 5;
  EXPECT_TRUE(change_points(one_outlier).empty());
}

}  // namespace
}  // namespace pw
