// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/lag.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

constexpr double kClear = 4;         // steps, and deviations of the idle samples, between idle and load
constexpr double kNearPeriods = 10;  // where a step is looked for
constexpr Seconds kNear{5};          // or so long, where that is more
constexpr std::size_t kLevelSamples = 4;

struct Step {
  Seconds at;  // when it happened
  bool up;     // idle before it, load after it
  Statistics idle, load;
};

// Where the curve crosses the middle between idle and load, next to the step.
std::optional<SensorLag> lag_of(const Step& step, const Curve& curve) {
  const double least = kClear * std::max(curve.step, step.idle.deviation);
  if (step.load.median - step.idle.median <= least) return std::nullopt;
  const double middle = (step.load.median + step.idle.median) / 2;
  const Seconds near = std::max(kNear, curve.period * kNearPeriods);
  const auto points = around(curve, step.at - near, step.at + near);
  std::optional<SensorLag> nearest;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if ((points[i - 1].value < middle) == (points[i].value < middle)) continue;
    if ((points[i].value >= middle) != step.up) continue;
    const SensorLag one{points[i - 1].time + (points[i].time - points[i - 1].time) / 2 - step.at,
                        (points[i].time - points[i - 1].time) / 2};
    if (!nearest || std::abs(one.lag.value) < std::abs(nearest->lag.value)) nearest = one;
  }
  return nearest;
}

std::optional<SensorLag> lag_at(const Curve& curve, const Window& window, const Execution& execution,
                                Nanoseconds start) {
  const Seconds begin = to_seconds(execution.begin - start), end = to_seconds(execution.end - start);
  const auto idle_values =
      values_between(curve, to_seconds(window.begin - start), to_seconds(window.end - start));
  // What the sensor's lag may blur is left out of the load's level.
  const Seconds third = (end - begin) / 3;
  const auto load_values = values_between(curve, begin + third, end - third);
  if (idle_values.size() < kLevelSamples || load_values.size() < kLevelSamples) return std::nullopt;
  return lag_of(
      {window.before ? begin : end, window.before, *statistics(idle_values), *statistics(load_values)},
      curve);
}

constexpr double kAlike = 0.8;  // correlation
constexpr int kShiftsPerPeriod = 4;
constexpr int kMostPeriods = 5;
constexpr std::size_t kMostPoints = 20'000;

std::vector<double> resampled(const Curve& curve, Seconds begin, Seconds step, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const Seconds time = begin + step * static_cast<double>(i);
    values.push_back(value_at(around(curve, time, time), time));
  }
  return values;
}

// Of a[i] with b[i + shift].
double correlation(const std::vector<double>& a, const std::vector<double>& b, int shift) {
  const auto from = static_cast<std::size_t>(std::max(0, -shift));
  const std::size_t to = std::min(a.size(), b.size() - static_cast<std::size_t>(std::max(0, shift)));
  double n = 0, sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = from; i < to; ++i) {
    const double x = a[i] - a[0], y = b[static_cast<std::size_t>(static_cast<int>(i) + shift)] - b[0];
    n += 1, sum_a += x, sum_b += y, aa += x * x, bb += y * y, ab += x * y;
  }
  const double spread = (n * aa - sum_a * sum_a) * (n * bb - sum_b * sum_b);
  return spread > 0 ? (n * ab - sum_a * sum_b) / std::sqrt(spread) : 0;
}

}  // namespace

std::optional<SensorLag> sensor_lag(const Recording& recording, const Curve& watts) {
  std::vector<SensorLag> lags;
  for (const Window& window : recording.windows) {
    if (recording.executions.empty()) break;
    const Execution& execution = window.before ? recording.executions.front() : recording.executions.back();
    if (const auto lag = lag_at(watts, window, execution, recording.start)) lags.push_back(*lag);
  }
  if (lags.empty()) return std::nullopt;
  const SensorLag& one = lags.front();
  const SensorLag& other = lags.back();
  return SensorLag{
      (one.lag + other.lag) / 2,
      {std::hypot(std::max(one.uncertainty, other.uncertainty).value, (one.lag - other.lag).value / 2)}};
}

Seconds delay_of(const Curve& curve, const std::optional<SensorLag>& lag) {
  if (!lag || !lag->significant()) return curve.delay;
  return std::max(curve.delay, Seconds{std::abs(lag->lag.value) + lag->uncertainty.value});
}

std::optional<Seconds> lag_between(const Curve& first, const Curve& second) {
  if (first.points.size() < 2 || second.points.size() < 2) return std::nullopt;
  const Seconds step = std::max(first.period, second.period) / kShiftsPerPeriod;
  const Seconds begin = std::max(first.points.front().time, second.points.front().time);
  const Seconds end = std::min(first.points.back().time, second.points.back().time);
  constexpr int most = kMostPeriods * kShiftsPerPeriod;
  if (step.value <= 0 || (end - begin).value < 3 * most * step.value) return std::nullopt;
  const auto count = static_cast<std::size_t>(std::min((end - begin).value / step.value, 1.0 * kMostPoints));
  const auto a = resampled(first, begin, step, count), b = resampled(second, begin, step, count);
  int best = 0;
  double highest = correlation(a, b, 0);
  for (int shift = -most; shift <= most; ++shift)
    if (const double one = correlation(a, b, shift); one > highest + 1e-9) {
      highest = one;
      best = shift;
    }
  if (highest < kAlike) return std::nullopt;
  return step * static_cast<double>(best);
}

}  // namespace pw
