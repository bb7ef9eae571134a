// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <optional>

#include "analyze/power/integral.h"
#include "analyze/statistics/parts.h"

namespace pw {
namespace {

using Counts = std::span<const CurvePoint>;

// Calls each(from, to, whole) for the parts of [begin, end] between the points; `whole`: between the two
// points, s; infinite before the first and after the last.
template <class Each>
void for_pieces(Counts points, Seconds begin, Seconds end, Each&& each) {
  const auto part = [&](Seconds from, Seconds to, double whole) {
    from = std::max(from, begin);
    to = std::min(to, end);
    if (to > from) each(from, to, whole);
  };
  part(begin, points.front().time, INFINITY);
  for (std::size_t i = 1; i < points.size(); ++i)
    part(points[i - 1].time, points[i].time, (points[i].time - points[i - 1].time).value);
  part(points.back().time, end, INFINITY);
}

// The time in [begin, end] between points that are not farther apart than `gap`.
double covered_by(Counts points, Seconds begin, Seconds end, Seconds gap) {
  double covered = 0;
  for_pieces(points, begin, end, [&](Seconds from, Seconds to, double whole) {
    if (whole <= gap.value) covered += (to - from).value;
  });
  return covered;
}

// What the readings within [begin, end] say of themselves.
struct Inside {
  int count = 0;
  double most = 0;  // W
  double read = 0;  // the longest, s
};

Inside inside_of(Counts points, Seconds begin, Seconds end) {
  Inside inside;
  if (points.empty()) return inside;
  inside.most = std::max(value_at(points, begin), value_at(points, end));
  for (const CurvePoint& point : points) {
    if (point.time < begin || point.time > end) continue;
    ++inside.count;
    inside.most = std::max(inside.most, point.value);
    inside.read = std::max(inside.read, point.read.value);
  }
  return inside;
}

// Mean watts between points i - 1 and i; nothing where there are none.
std::optional<double> slope(Counts points, std::size_t i) {
  if (i < 1 || i >= points.size() || points[i].broken || points[i].time <= points[i - 1].time)
    return std::nullopt;
  return (points[i].value - points[i - 1].value) / (points[i].time - points[i - 1].time).value;
}

// The piece that holds a time: between points i - 1 and i.
std::size_t piece_at(Counts points, Seconds time) {
  if (points.size() < 2) return 1;
  const auto last = points.end() - 1;
  const auto at = std::lower_bound(points.begin() + 1, last, time,
                                   [](const CurvePoint& point, Seconds t) { return point.time < t; });
  return static_cast<std::size_t>(at - points.begin());
}

// Cumulative joules at a time. A piece whose mean power lies between those of its neighbours is taken to hold
// one step from the one to the other, at the time that gives its energy; any other is a line.
double joules_at(Counts points, Seconds time) {
  const std::size_t i = piece_at(points, time);
  const auto before = slope(points, i - 1), after = slope(points, i + 1), mean = slope(points, i);
  const CurvePoint& left = points[i - 1];
  const double inside = (time - left.time).value;
  if (!before || !after || !mean || (*before < *mean) != (*mean < *after) || *before == *after)
    return value_at(points, time);
  const double length = (points[i].time - left.time).value;
  const double step = length * (*after - *mean) / (*after - *before);
  return left.value + *before * std::min(inside, step) + *after * std::max(0.0, inside - step);
}

// One end of the interval, in the piece of cumulative joules that holds it.
struct Edge {
  double least = 0, most = 0;  // W: the least and the most mean of that piece and two on each side
  double interpolation = 0;    // J: how far the line may be off there
};

// The least and the most mean power of any piece.
ValueRange powers_of(Counts points) {
  ValueRange range{INFINITY, -INFINITY};
  for (std::size_t i = 1; i < points.size(); ++i)
    if (const auto watts = slope(points, i))
      range = {std::min(range.least, *watts), std::max(range.most, *watts)};
  return range;
}

// `range`: what the power may be within the piece besides.
Edge edge_at(Counts points, Seconds time, Seconds gap, const std::optional<ValueRange>& range) {
  const std::size_t i = piece_at(points, time);
  const double length = (points[i].time - points[i - 1].time).value;
  const double share = length > 0 ? (time - points[i - 1].time).value / length : 0;
  const double watts = slope(points, i).value_or(0);
  Edge edge{watts, watts, 0};
  for (std::size_t other = i - std::min<std::size_t>(i, 2); other <= i + 2; ++other) {
    edge.least = std::min(edge.least, slope(points, other).value_or(watts));
    edge.most = std::max(edge.most, slope(points, other).value_or(watts));
  }
  if (range) edge.least = std::min(edge.least, range->least), edge.most = std::max(edge.most, range->most);
  edge.interpolation = length > gap.value
                           ? std::max(share, 1 - share) * watts * length
                           : std::sqrt(share * (1 - share)) * (edge.most - edge.least) * length / 2;
  return edge;
}

}  // namespace

Integrated difference(const Curve& curve, Seconds begin, Seconds end) {
  // Values are half an age old, on average: looked up that much later, where readings go on for so long.
  const Seconds spare = curve.points.empty() ? Seconds{} : curve.points.back().time - end;
  const Seconds late = std::clamp(spare, Seconds{}, curve.age / 2);
  begin += late;
  end += late;
  const Counts points = around(curve, begin, end);
  if (points.size() < 2 || points.front().time > begin || points.back().time < end || end <= begin)
    return tl::unexpected(std::string("no reading both before and after this execution"));
  for (std::size_t i = 1; i < points.size(); ++i)
    if (points[i].broken && points[i].time > begin && points[i - 1].time < end)
      return tl::unexpected(std::string("the sensor's counter was reset meanwhile: its energy is unknown"));
  if (!std::is_sorted(points.begin(), points.end(), [](auto& a, auto& b) { return a.value < b.value; }))
    return tl::unexpected(std::string("the sensor's energy went back: it wrapped or was reset"));
  const Counts one = around(curve, points.front().time, points.back().time);
  const Counts wider = around(curve, one.front().time, one.back().time);
  const Seconds gap = curve.period * kGapPeriods;
  // A pause between two tests may be shorter than a bin, so that its neighbours do not show idle power.
  const auto range = curve.bins ? std::optional(powers_of(curve.points)) : std::nullopt;
  const Edge first = edge_at(wider, begin, gap, range), last = edge_at(wider, end, gap, range);
  const double age = curve.age.value + inside_of(points, points.front().time, points.back().time).read;
  const double shift = std::max(last.most - first.least, first.most - last.least);
  const double off = std::max(age - late.value, curve.delay.value);
  Integral result;
  result.energy = {joules_at(wider, end) - joules_at(wider, begin)};
  result.ends = {kUniform95 * shift * off};
  result.lasting = {
      std::hypot(kUniform95 * curve.sample_error.value * (end - begin).value, result.ends.value)};
  result.uncertainty = {std::sqrt(square(curve.step) + square(first.interpolation + last.interpolation) +
                                  square(kNormal95 * age) * (square(first.most) + square(last.most)) / 12 +
                                  square(result.lasting.value))};
  result.coverage = std::min(1.0, covered_by(points, begin, end, gap) / (end - begin).value);
  result.inside = inside_of(points, begin, end).count;
  return result;
}

}  // namespace pw
