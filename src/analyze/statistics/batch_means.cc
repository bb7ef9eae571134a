// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/batch_means.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/mean_interval.h"

namespace pw {
namespace {

constexpr std::size_t kBatches[] = {3, 4, 6};
constexpr std::size_t kFewest = 2, kForCorrelation = 8;
constexpr double kCorrelated = 0.35;

// Of `count` batches; what is left over at the front is in none.
std::vector<double> batch_means(std::span<const double> values, std::size_t count) {
  const std::size_t size = values.size() / count;
  values = values.last(size * count);
  std::vector<double> means;
  for (std::size_t i = 0; i < count; ++i) {
    const auto batch = values.subspan(i * size, size);
    means.push_back(std::accumulate(batch.begin(), batch.end(), 0.0) / static_cast<double>(size));
  }
  return means;
}

double interval_of(std::span<const double> values, std::size_t count) {
  return mean_interval(batch_means(values, count)).half_width.value_or(0);
}

double neighbours_correlation(const std::vector<double>& values) {
  const double mean = mean_interval(values).mean;
  double products = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    squares += (values[i] - mean) * (values[i] - mean);
    if (i > 0) products += (values[i] - mean) * (values[i - 1] - mean);
  }
  return squares > 0 ? products / squares : 0;
}

}  // namespace

std::optional<BatchInterval> batch_interval(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  BatchInterval interval;
  if (values.size() < kBatches[0]) interval.half_width = interval_of(values, kFewest);
  for (const std::size_t count : kBatches)
    if (values.size() >= count)
      interval.half_width = std::max(interval.half_width, interval_of(values, count));
  if (values.size() < 2 * kForCorrelation) return interval;
  interval.correlated = neighbours_correlation(batch_means(values, kForCorrelation)) > kCorrelated;
  if (interval.correlated) interval.half_width = std::max(interval.half_width, interval_of(values, kFewest));
  return interval;
}

}  // namespace pw
