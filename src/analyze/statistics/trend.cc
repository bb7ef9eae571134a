// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/trend.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "analyze/statistics/robust.h"
#include "base/distributions.h"

namespace pw {
namespace {

constexpr std::size_t kMostTrended = 2000;
constexpr std::size_t kMostExact = 30;

std::vector<double> thinned(std::span<const double> values) {
  const std::size_t step = (values.size() + kMostTrended - 1) / kMostTrended;
  std::vector<double> some;
  for (std::size_t i = 0; i < values.size(); i += step) some.push_back(values[i]);
  return some;
}

// By number of inversions, the part of all orders of n different values that has them.
std::vector<double> inversions(std::size_t n) {
  std::vector<double> parts = {1};
  for (std::size_t size = 2; size <= n; ++size) {
    std::vector<double> more(parts.size() + size - 1, 0);
    for (std::size_t i = 0; i < parts.size(); ++i)
      for (std::size_t j = 0; j < size; ++j) more[i + j] += parts[i] / static_cast<double>(size);
    parts = std::move(more);
  }
  return parts;
}

double exact_p(std::size_t n, int s) {
  const std::vector<double> parts = inversions(n);
  const int pairs = static_cast<int>(parts.size()) - 1;
  double p = 0;
  for (int i = 0; i <= pairs; ++i)
    if (std::abs(pairs - 2 * i) >= std::abs(s)) p += parts[static_cast<std::size_t>(i)];
  return std::min(p, 1.0);
}

// The variance of s, with Kendall's correction for ties.
double variance(const std::vector<double>& values) {
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5) / 18; };
  std::map<double, double> same;
  for (const double value : values) ++same[value];
  double result = term(static_cast<double>(values.size()));
  for (const auto& [value, count] : same) result -= term(count);
  return result;
}

bool has_ties(std::vector<double> values) {
  std::ranges::sort(values);
  return std::ranges::adjacent_find(values) != values.end();
}

double p_of(const std::vector<double>& values, int s) {
  if (values.size() <= kMostExact && !has_ties(values)) return exact_p(values.size(), s);
  const double spread = variance(values);
  if (spread <= 0 || s == 0) return 1;
  return normal_two_sided((std::abs(s) - 1) / std::sqrt(spread));
}

double median_slope(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> slopes;
  slopes.reserve(y.size() * (y.size() - 1) / 2);
  for (std::size_t i = 0; i < y.size(); ++i)
    for (std::size_t j = i + 1; j < y.size(); ++j)
      if (x[j] > x[i]) slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
  return median(std::move(slopes));
}

}  // namespace

std::optional<Trend> trend(std::span<const double> at, std::span<const double> values) {
  if (values.size() < kLeastForTrend || at.size() != values.size()) return std::nullopt;
  const std::vector<double> x = thinned(at), y = thinned(values);
  Trend result;
  for (std::size_t i = 0; i < y.size(); ++i)
    for (std::size_t j = i + 1; j < y.size(); ++j) result.s += (y[j] > y[i]) - (y[j] < y[i]);
  result.p = p_of(y, result.s);
  if (result.significant()) result.slope = median_slope(x, y);
  return result;
}

}  // namespace pw
