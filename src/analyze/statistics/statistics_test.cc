// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/distributions.h"

namespace pw {
namespace {

TEST(Statistics, KnownAnswers) {
  const auto result = statistics(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9}).value();
  EXPECT_DOUBLE_EQ(result.mean, 5);
  EXPECT_DOUBLE_EQ(result.median, 4.5);
  EXPECT_NEAR(result.deviation, 2.13809, 1e-5);
  EXPECT_NEAR(*result.half_width, 2.3646 * 2.13809 / std::sqrt(8), 1e-4);
  EXPECT_FALSE(statistics({}));
  EXPECT_EQ(statistics(std::vector<double>{3})->half_width, std::nullopt);
}

TEST(Statistics, StudentsT) {
  EXPECT_NEAR(student_t_975(1), 12.706, 1e-3);
  EXPECT_NEAR(student_t_975(10), 2.2281, 1e-4);
  EXPECT_NEAR(student_t_975(11), 2.2010, 1e-4);
  EXPECT_NEAR(student_t_975(30), 2.0423, 1e-4);
  EXPECT_NEAR(student_t_975(31), 2.03951, 1e-5);
  EXPECT_NEAR(student_t_975(60), 2.00030, 1e-5);
  EXPECT_NEAR(student_t_975(1000), 1.9623, 1e-4);
}

}  // namespace
}  // namespace pw
