// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

namespace pw {

struct Statistics {
  int n = 0;
  double mean = 0;
  double median = 0;
  double deviation = 0;  // sample standard deviation, n - 1; 0 where n < 2
  double least = 0;
  double most = 0;
  std::optional<double> half_width;  // of the 95 % confidence interval of the mean; nothing where n < 2
};

// Nothing where there is no value.
std::optional<Statistics> statistics(std::span<const double> values);

// The 97.5 % quantile of Student's t: tabulated for 1 to 30 degrees of freedom (Abramowitz and Stegun, table
// 26.10), beyond by their expansion 26.7.5, whose error there is below 0.0001 %. `degrees` >= 1.
double student_t_975(int degrees);

}  // namespace pw
