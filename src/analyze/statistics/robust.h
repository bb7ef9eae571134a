// SPDX-License-Identifier: GPL-3.0-or-later
// Statistics that a few odd values do not move. Formulas and sources: docs/method.md.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pw {

inline constexpr std::size_t kLeastForOutliers = 5;

double median(std::span<const double> values);  // 0 where there is none
double median(std::vector<double>&& values);    // leaves them in another order
// The median distance from the median.
double median_deviation(std::span<const double> values);

struct Outlier {
  std::size_t index = 0;
  double score = 0;  // modified z-score
};
// Iglewicz and Hoaglin's: modified z-scores beyond 3.5. None below kLeastForOutliers values.
std::vector<Outlier> outliers(std::span<const double> values);

}  // namespace pw
