// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iterator>

namespace pw {
namespace {

// Abramowitz and Stegun, table 26.10, for 1 to 30 degrees of freedom.
constexpr double kTable[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
                             2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
                             2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};

TEST(StudentT, AgreesWithTheTable) {
  for (int degrees = 1; degrees <= static_cast<int>(std::size(kTable)); ++degrees)
    EXPECT_NEAR(student_t_975(degrees), kTable[degrees - 1], 5.1e-5) << degrees;
}

// The same book's expansion 26.7.5, whose error is below 1e-6 of the value from 31 degrees on.
TEST(StudentT, AgreesWithTheExpansion) {
  constexpr double z = 1.959963984540054;
  for (const int v : {31, 60, 120, 1000, 100'000}) {
    const double g1 = (std::pow(z, 3) + z) / 4;
    const double g2 = (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / 96;
    const double g3 = (3 * std::pow(z, 7) + 19 * std::pow(z, 5) + 17 * std::pow(z, 3) - 15 * z) / 384;
    EXPECT_NEAR(student_t_975(v), z + g1 / v + g2 / std::pow(v, 2) + g3 / std::pow(v, 3), 2e-6) << v;
  }
}

TEST(Normal, AgreesWithTheErrorFunction) {
  for (const double z : {-8.0, -3.0, -1.0, -1e-9, 0.0, 0.5, 1.96, 5.0}) {
    EXPECT_NEAR(normal_cdf(z), std::erfc(-z / std::sqrt(2)) / 2, 1e-15) << z;
    EXPECT_NEAR(normal_two_sided(z), std::erfc(std::abs(z) / std::sqrt(2)), 1e-15) << z;
  }
  EXPECT_NEAR(normal_two_sided(10) / std::erfc(10 / std::sqrt(2)), 1, 1e-12);  // far out, too
}

TEST(Normal, QuantileIsTheInverse) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_EQ(normal_quantile(0.5), 0);
  for (const double p : {5e-5, 0.025, 0.3, 0.99995})
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-15) << p;
}

}  // namespace
}  // namespace pw
