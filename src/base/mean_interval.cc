// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mean_interval.h"

#include <cmath>
#include <numeric>

#include "base/distributions.h"

namespace pw {

MeanInterval mean_interval(std::span<const double> values) {
  MeanInterval result;
  result.n = static_cast<int>(values.size());
  if (values.empty()) return result;
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / result.n;
  if (result.n < 2) return result;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.deviation = std::sqrt(squares / (result.n - 1));
  result.half_width = student_t_975(result.n - 1) * result.deviation / std::sqrt(result.n);
  return result;
}

}  // namespace pw
