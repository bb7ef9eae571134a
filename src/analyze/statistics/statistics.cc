// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/statistics.h"

#include <algorithm>
#include <vector>

namespace pw {

std::optional<Statistics> statistics(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  Statistics result;
  result.n = static_cast<int>(sorted.size());
  result.least = sorted.front();
  result.most = sorted.back();
  result.median = (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
  const MeanInterval mean = mean_interval(sorted);
  result.mean = mean.mean;
  result.deviation = mean.deviation;
  result.half_width = mean.half_width;
  return result;
}

}  // namespace pw
