// SPDX-License-Identifier: GPL-3.0-or-later
// The confidence interval of a mean, which both halves need: to say it, and to know when to stop.
#pragma once

#include <optional>
#include <span>

namespace pw {

struct MeanInterval {
  int n = 0;
  double mean = 0;
  double deviation = 0;              // sample standard deviation, n - 1; 0 where n < 2
  std::optional<double> half_width;  // of the 95 % interval by Student's t; nothing where n < 2
};
MeanInterval mean_interval(std::span<const double> values);

}  // namespace pw
