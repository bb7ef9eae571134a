// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/integral.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/distributions.h"

namespace pw {
namespace {

constexpr double kUniform95 = 0.95;  // of a value uniform within ± 1, 95 % lie within ± 0.95
constexpr double kNormal95 = 1.96;   // of a sum of many, in standard deviations

double square(double x) { return x * x; }

using Points = std::span<const CurvePoint>;

// The part of [begin, end] between two neighbouring points.
struct Piece {
  double length;  // inside the interval, s
  double whole;   // between the two points, s; infinite before the first and after the last
  double mean;    // of the line inside the interval, W
};

// value_at() of times that ascend, without a search for each.
class Ascending {
 public:
  explicit Ascending(Points points) : points_(points) {}

  double value_at(Seconds time) {
    while (after_ < points_.size() && points_[after_].time < time) ++after_;
    const std::size_t first = std::max<std::size_t>(after_, 1) - 1;
    return pw::value_at(points_.subspan(first, std::min<std::size_t>(2, points_.size() - first)), time);
  }

 private:
  Points points_;
  std::size_t after_ = 0;  // the first point that is not before the last time
};

// Calls each(from, to, whole) for the parts of [begin, end] between the points; Piece says what `whole` is.
template <class Each>
void for_pieces(Points points, Seconds begin, Seconds end, Each&& each) {
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

std::vector<Piece> pieces_of(Points points, Seconds begin, Seconds end) {
  std::vector<Piece> pieces;
  pieces.reserve(points.size() + 1);
  Ascending left(points), right(points);
  for_pieces(points, begin, end, [&](Seconds from, Seconds to, double whole) {
    pieces.push_back({(to - from).value, whole, (left.value_at(from) + right.value_at(to)) / 2});
  });
  return pieces;
}

// The time in [begin, end] between points that are not farther apart than `gap`.
double covered_by(Points points, Seconds begin, Seconds end, Seconds gap) {
  double covered = 0;
  for_pieces(points, begin, end, [&](Seconds from, Seconds to, double whole) {
    if (whole <= gap.value) covered += (to - from).value;
  });
  return covered;
}

// How far readings are from the lines between their two neighbours: what is not known between readings.
struct Roughness {
  int count = 0;
  double squares = 0;  // W²

  void add(const CurvePoint& left, const CurvePoint& middle, const CurvePoint& right) {
    const double share = (middle.time - left.time).value / (right.time - left.time).value;
    squares += square(middle.value - left.value - share * (right.value - left.value));
    ++count;
  }
};

Roughness roughness_of(Points points, Seconds gap) {
  Roughness roughness;
  for (std::size_t i = 2; i < points.size(); ++i)
    if (points[i].time - points[i - 1].time <= gap && points[i - 1].time - points[i - 2].time <= gap &&
        points[i].time > points[i - 2].time)
      roughness.add(points[i - 2], points[i - 1], points[i]);
  return roughness;
}

struct Sampling {
  double error = 0;    // 95 %, J
  double gaps = 0;     // J
  double covered = 0;  // s
};

Sampling sampling_of(const Curve& curve, const std::vector<Piece>& pieces, const Roughness& roughness) {
  Sampling sampling;
  const auto [least, most] = range_of(curve);
  double lengths = 0;
  for (const Piece& piece : pieces) {
    if (piece.whole > kGapPeriods * curve.period.value) {
      sampling.gaps += std::max(most - piece.mean, piece.mean - least) * piece.length;
      continue;
    }
    sampling.covered += piece.length;
    lengths += square(piece.length);
  }
  const double variance = roughness.count > 1 ? roughness.squares / roughness.count : square(most - least);
  const double factor = roughness.count > 1 ? student_t_975(roughness.count - 1) : kNormal95;
  sampling.error = factor * std::sqrt(lengths * variance / 3);
  return sampling;
}

// What the readings within [begin, end] say of themselves.
struct Inside {
  int count = 0;
  double most = 0;  // W
  double read = 0;  // the longest, s
};

Inside inside_of(Points points, Seconds begin, Seconds end) {
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
std::optional<double> slope(Points points, std::size_t i) {
  if (i < 1 || i >= points.size() || points[i].broken || points[i].time <= points[i - 1].time)
    return std::nullopt;
  return (points[i].value - points[i - 1].value) / (points[i].time - points[i - 1].time).value;
}

// The piece that holds a time: between points i - 1 and i.
std::size_t piece_at(Points points, Seconds time) {
  if (points.size() < 2) return 1;
  const auto last = points.end() - 1;
  const auto at = std::lower_bound(points.begin() + 1, last, time,
                                   [](const CurvePoint& point, Seconds t) { return point.time < t; });
  return static_cast<std::size_t>(at - points.begin());
}

// Cumulative joules at a time. A piece whose mean power lies between those of its neighbours is taken to hold
// one step from the one to the other, at the time that gives its energy; any other is a line.
double joules_at(Points points, Seconds time) {
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

Edge edge_at(Points points, Seconds time, Seconds gap) {
  const std::size_t i = piece_at(points, time);
  const double length = (points[i].time - points[i - 1].time).value;
  const double share = length > 0 ? (time - points[i - 1].time).value / length : 0;
  const double watts = slope(points, i).value_or(0);
  Edge edge{watts, watts, 0};
  for (std::size_t other = i - std::min<std::size_t>(i, 2); other <= i + 2; ++other) {
    edge.least = std::min(edge.least, slope(points, other).value_or(watts));
    edge.most = std::max(edge.most, slope(points, other).value_or(watts));
  }
  edge.interpolation = length > gap.value
                           ? std::max(share, 1 - share) * watts * length
                           : std::sqrt(share * (1 - share)) * (edge.most - edge.least) * length / 2;
  return edge;
}

}  // namespace

Integrated integrate(const Curve& curve, Seconds begin, Seconds end) {
  const Seconds near = curve.period * kGapPeriods;
  const bool any = inside_of(around(curve, begin - near, end + near), begin - near, end + near).count > 0;
  if (!any || end <= begin) return tl::unexpected(std::string("no reading near this execution"));
  const Points points = around(curve, begin, end);
  const std::vector<Piece> pieces = pieces_of(points, begin, end);
  const Inside inside = inside_of(points, begin, end);
  const Roughness roughness = roughness_of(around(curve, points.front().time, points.back().time), near);
  const Sampling sampling = sampling_of(curve, pieces, roughness);
  const double length = (end - begin).value;
  const double shift = value_at(points, end) - value_at(points, begin);
  const double delay = std::max(curve.period.value + inside.read, curve.delay.value);
  Integral result;
  for (const Piece& piece : pieces) result.energy.value += piece.mean * piece.length;
  result.uncertainty = {std::sqrt(square(sampling.error) + square(kUniform95 * curve.step / 2 * length) +
                                  square(kUniform95 * shift * delay)) +
                        sampling.gaps};
  result.peak = {inside.most};
  result.coverage = std::min(1.0, sampling.covered / length);
  result.inside = inside.count;
  return result;
}

Integrated difference(const Curve& curve, Seconds begin, Seconds end) {
  // Values are half an age old, on average: looked up that much later, where readings go on for so long.
  const Seconds spare = curve.points.empty() ? Seconds{} : curve.points.back().time - end;
  const Seconds late = std::clamp(spare, Seconds{}, curve.age / 2);
  begin += late;
  end += late;
  const Points points = around(curve, begin, end);
  if (points.size() < 2 || points.front().time > begin || points.back().time < end || end <= begin)
    return tl::unexpected(std::string("no reading both before and after this execution"));
  for (std::size_t i = 1; i < points.size(); ++i)
    if (points[i].broken && points[i].time > begin && points[i - 1].time < end)
      return tl::unexpected(std::string("the sensor's counter was reset meanwhile: its energy is unknown"));
  if (!std::is_sorted(points.begin(), points.end(), [](auto& a, auto& b) { return a.value < b.value; }))
    return tl::unexpected(std::string("the sensor's energy went back: it wrapped or was reset"));
  const Points one = around(curve, points.front().time, points.back().time);
  const Points wider = around(curve, one.front().time, one.back().time);
  const Seconds gap = curve.period * kGapPeriods;
  const Edge first = edge_at(wider, begin, gap), last = edge_at(wider, end, gap);
  const double age = curve.age.value + inside_of(wider, begin, end).read;
  const double shift = std::max(last.most - first.least, first.most - last.least);
  const double off = std::max(age - late.value, curve.delay.value);
  Integral result;
  result.energy = {joules_at(wider, end) - joules_at(wider, begin)};
  result.uncertainty = {std::sqrt(square(curve.step) + square(first.interpolation + last.interpolation) +
                                  square(kNormal95 * age) * (square(first.most) + square(last.most)) / 12 +
                                  square(kUniform95 * curve.sample_error.value * (end - begin).value) +
                                  square(kUniform95 * shift * off))};
  result.coverage = std::min(1.0, covered_by(points, begin, end, gap) / (end - begin).value);
  result.inside = inside_of(points, begin, end).count;
  return result;
}

}  // namespace pw
