// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/robust.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace pw {
namespace {

constexpr double kFarthest = 3.5;
constexpr double kOfMedianDeviation = 0.6745;  // of a normal distribution, per standard deviation
constexpr double kOfMeanDeviation = 0.7979;    // √(2/π)

std::vector<double> distances(std::span<const double> values, double from) {
  std::vector<double> all;
  for (const double value : values) all.push_back(std::abs(value - from));
  return all;
}

// What a distance from the median is multiplied with; where more than half of the values are the same, the
// median deviation is 0 and the mean deviation takes its place. 0: all are the same.
double scale(std::span<const double> values, double centre) {
  const std::vector<double> off = distances(values, centre);
  if (const double typical = median(off); typical > 0) return kOfMedianDeviation / typical;
  double sum = 0;
  for (const double one : off) sum += one;
  return sum > 0 ? kOfMeanDeviation * static_cast<double>(off.size()) / sum : 0;
}

}  // namespace

double median(std::span<const double> values) {
  return median(std::vector<double>(values.begin(), values.end()));
}

double median(std::vector<double>&& values) {
  if (values.empty()) return 0;
  const auto upper = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), upper, values.end());
  const double lower = values.size() % 2 == 1 ? *upper : *std::max_element(values.begin(), upper);
  return (lower + *upper) / 2;
}

double median_deviation(std::span<const double> values) { return median(distances(values, median(values))); }

std::vector<Outlier> outliers(std::span<const double> values) {
  std::vector<Outlier> found;
  if (values.size() < kLeastForOutliers) return found;
  const double centre = median(values);
  const double factor = scale(values, centre);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (const double score = factor * (values[i] - centre); std::abs(score) > kFarthest)
      found.push_back({i, score});
  return found;
}

}  // namespace pw
