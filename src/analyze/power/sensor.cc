// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/sensor.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

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

// Ascending, and by `least` or more apart.
std::vector<double> distinct(std::vector<double> values, double least = 1.5 * kUlp) {
  std::ranges::sort(values);
  const auto alike = [least](double a, double b) { return b - a < least; };
  values.erase(std::unique(values.begin(), values.end(), alike), values.end());
  return values;
}

// Of one or two values nothing shows the grid: it may be as coarse as they allow.
SensorStep unknown_step(const std::vector<double>& values) {
  std::int64_t divisor = 0;
  for (const double value : values) divisor = std::gcd(divisor, std::llround(std::abs(value) / kUlp));
  return {std::min(kUlp * static_cast<double>(divisor), kMostUnknownStep * greatest(values)), false};
}

constexpr std::size_t kLeastChanges = 20;  // in all
constexpr std::size_t kLeastAlike = 10;    // of about the least size, from as many values
constexpr std::size_t kPerSmaller = 3;     // and so many more for each that is smaller
constexpr double kAboutLeast = 1.25;       // times the least
constexpr double kClearGaps = 3;           // times how near values of the sensor are to each other
constexpr double kMostBand = 0.05;         // of the greatest value: more is the load's
constexpr double kMostOfRange = 1.0 / 8;   // likewise, of the range of the values
constexpr double kLeastHeld = 0.5;         // readings that show the value of the one before, a change

struct Change {
  double size, from;  // W
};

// Of the values that the sensor told: a mean of readings that differ is none.
struct Told {
  std::vector<double> values;
  std::vector<Change> changes;  // by size
  std::size_t held = 0;         // readings that show the value of the one before
};

Told told_by(const std::vector<CurvePoint>& points) {
  Told told;
  std::size_t mixed = 0;
  for (const CurvePoint& point : points) {
    if (point.readings > 1 && static_cast<double>(point.deviation) > kUlp) {
      ++mixed;
      continue;
    }
    const double before = told.values.empty() ? point.value : told.values.back();
    const double size = std::abs(point.value - before);
    if (size < 1.5 * kUlp)
      ++told.held;
    else if (mixed < 2)  // else there were more changes in between
      told.changes.push_back({size, before});
    told.values.push_back(point.value);
    mixed = 0;
  }
  std::ranges::sort(told.changes, {}, &Change::size);
  return told;
}

// W: how near to each other some values of the sensor are.
double fine_gap(const std::vector<double>& values) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < values.size(); ++i) gaps.push_back(values[i] - values[i - 1]);
  if (gaps.size() < kLeastAlike) return INFINITY;
  std::ranges::nth_element(gaps, gaps.begin() + (kLeastAlike - 1));
  return gaps[kLeastAlike - 1];
}

// Whether changes from the i-th on begin with many of about one size, from many values, and few are smaller:
// a power that is free to change does so by less, too.
bool begin_sharply(std::span<const Change> changes, std::size_t i) {
  const double most = kAboutLeast * changes[i].size;
  const auto end = std::ranges::upper_bound(changes, most, {}, &Change::size);
  const auto alike = changes.subspan(i, static_cast<std::size_t>(end - changes.begin()) - i);
  if (alike.size() < kLeastAlike + kPerSmaller * i) return false;
  std::vector<double> from;
  for (const Change& change : alike) from.push_back(change.from);
  return distinct(std::move(from)).size() >= kLeastAlike;
}

// The least size, within a range, from which on changes begin sharply; 0: none.
double sharp_begin(std::span<const Change> changes, double least, double most) {
  for (std::size_t i = 0; i < changes.size() && changes[i].size <= most;) {
    if (changes[i].size >= least && begin_sharply(changes, i)) return changes[i].size;
    const auto next = std::ranges::upper_bound(changes, changes[i].size + kUlp, {}, &Change::size);
    i = static_cast<std::size_t>(next - changes.begin());
  }
  return 0;
}

}  // namespace

SensorStep step_of(std::vector<double> values) {
  const double least = std::max(1.5 * kUlp, 1e-9 * greatest(values));
  values = distinct(std::move(values), least);
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

double dead_band_of(const std::vector<CurvePoint>& points) {
  const Told told = told_by(points);
  const auto changes = static_cast<double>(told.changes.size());
  if (told.changes.size() < kLeastChanges || static_cast<double>(told.held) < kLeastHeld * changes) return 0;
  const std::vector<double> values = distinct(told.values);
  const double most = std::min(kMostBand * greatest(values), kMostOfRange * (values.back() - values.front()));
  return sharp_begin(told.changes, kClearGaps * fine_gap(values) - kUlp, most);
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
