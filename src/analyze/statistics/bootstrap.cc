// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "base/distributions.h"

namespace pw {
namespace {

constexpr std::size_t kLeastResampled = 3;
constexpr std::size_t kMostResampled = 1000;
constexpr std::size_t kResamples = 10'000;
constexpr std::uint64_t kSeed = 1;

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Sorted means of resamples. The engine is the C++ standard's, number for number.
std::vector<double> resampled_means(std::span<const double> values) {
  std::mt19937_64 random(kSeed);
  std::vector<double> means(kResamples);
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[(random() >> 32) * values.size() >> 32];
    mean = sum / static_cast<double>(values.size());
  }
  std::ranges::sort(means);
  return means;
}

// The part of the resampled means below the mean, ties by half; never 0 or 1.
double part_below(const std::vector<double>& means, double mean) {
  const auto [first, last] = std::equal_range(means.begin(), means.end(), mean);
  const double below = static_cast<double>(first - means.begin()) + static_cast<double>(last - first) / 2;
  return std::clamp(below, 0.5, kResamples - 0.5) / kResamples;
}

// Efron's acceleration by the jackknife, which for a mean is a sixth of the skewness over √n.
double acceleration(std::span<const double> values, double mean) {
  double squares = 0, cubes = 0;
  for (const double value : values) {
    squares += std::pow(value - mean, 2);
    cubes += std::pow(value - mean, 3);
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

double quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], at - std::floor(at));
}

}  // namespace

std::optional<Interval> bootstrap_interval(std::span<const double> values) {
  if (values.size() < kLeastResampled || values.size() > kMostResampled) return std::nullopt;
  const auto [least, most] = std::ranges::minmax(values);
  if (least == most) return Interval{least, most};
  const std::vector<double> means = resampled_means(values);
  const double mean = mean_of(values);
  const double bias = normal_quantile(part_below(means, mean));
  const double speed = acceleration(values, mean);
  const auto end = [&](double p) {
    const double z = bias + normal_quantile(p);
    return quantile(means, normal_cdf(bias + z / (1 - speed * z)));
  };
  return Interval{end(0.025), end(0.975)};
}

}  // namespace pw
