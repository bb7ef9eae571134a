// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/sensor.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pw {
namespace {

constexpr double kUlp = 1e-6;              // sensors tell whole microwatts and microjoules at best
constexpr double kMostUnknownStep = 0.05;  // of the reading
constexpr double kOffGrid = 0.03;          // of a step
constexpr double kOnGrid = 0.98;           // of the gaps

double greatest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

// Of one or two values nothing shows the grid: it may be as coarse as they allow.
SensorStep unknown_step(const std::vector<double>& values) {
  std::int64_t divisor = 0;
  for (const double value : values) divisor = std::gcd(divisor, std::llround(std::abs(value) / kUlp));
  return {std::min(kUlp * static_cast<double>(divisor), kMostUnknownStep * greatest(values)), false};
}

}  // namespace

SensorStep step_of(std::vector<double> values) {
  std::ranges::sort(values);
  const double least = std::max(1.5 * kUlp, 1e-9 * greatest(values));
  const auto alike = [least](double a, double b) { return b - a < least; };
  values.erase(std::unique(values.begin(), values.end(), alike), values.end());
  if (values.empty() || greatest(values) > 1e12) return {};
  if (values.size() < 3) return unknown_step(values);
  std::vector<double> gaps;
  for (std::size_t i = 1; i < values.size(); ++i) gaps.push_back(values[i] - values[i - 1]);
  const double shortest = std::ranges::min(gaps);
  double products = 0, squares = 0;
  for (const double gap : gaps) {
    const double times = std::round(gap / shortest);
    products += gap * times;
    squares += times * times;
  }
  const double step = products / squares;
  const auto on_grid = std::ranges::count_if(gaps, [&](double gap) {
    return std::abs(gap - std::round(gap / shortest) * step) <= 2 * least + kOffGrid * step;
  });
  if (static_cast<double>(on_grid) < kOnGrid * static_cast<double>(gaps.size())) return {};
  return {step > 4 * least ? step : 0, true};
}

void keep_renewed(std::vector<CurvePoint>& points, Seconds renewal) {
  const CurvePoint* shown = nullptr;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const CurvePoint point = points[i];
    const bool again = shown && point.value == shown->value && !point.broken;
    if (point.deviation > 0 || (again && point.time - shown->time < renewal)) continue;
    points[kept] = point;
    points[kept].readings = 1;  // the others showed nothing of their own
    shown = &points[kept++];
  }
  points.resize(kept);
}

}  // namespace pw
