// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mean_interval.h"

#include <cmath>
#include <iterator>
#include <numeric>

namespace pw {

double student_t_975(int degrees) {
  static constexpr double small[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060,
                                     2.2622,  2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199,
                                     2.1098,  2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639,
                                     2.0595,  2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
  if (degrees <= static_cast<int>(std::size(small))) return small[degrees - 1];
  constexpr double z = 1.959964;
  const double v = degrees;
  const double g1 = (std::pow(z, 3) + z) / 4;
  const double g2 = (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / 96;
  const double g3 = (3 * std::pow(z, 7) + 19 * std::pow(z, 5) + 17 * std::pow(z, 3) - 15 * z) / 384;
  return z + g1 / v + g2 / (v * v) + g3 / (v * v * v);
}

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
