// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/integral.h"

#include <algorithm>
#include <cmath>

#include "analyze/statistics/parts.h"
#include "base/distributions.h"

namespace pw {
namespace {

constexpr double kSpreadShare = 0.5;  // of an edge that is spread over so long, on one side of its middle

using Points = std::span<const CurvePoint>;

// Points whose reading, or all of whose readings, were taken within [begin, end].
Points inside_points(const Curve& curve, Seconds begin, Seconds end) {
  const auto& all = curve.points;
  const auto inside = [&](const CurvePoint& point) {
    const Seconds half = point.readings > 1 ? curve.period / 2 : Seconds{};
    return point.time - half >= begin && point.time + half <= end;
  };
  auto first = std::lower_bound(all.begin(), all.end(), begin,
                                [](const CurvePoint& point, Seconds t) { return point.time < t; });
  while (first != all.end() && first->time <= end && !inside(*first)) ++first;
  auto last = first;
  while (last != all.end() && inside(*last)) ++last;
  return {first, last};
}

// The curve of the points inside, and the first and last of them held to the begin and the end.
class Held {
 public:
  Held(Points points, Seconds begin, Seconds end)
      : points_(points),
        before_((points.front().time - begin).value),
        after_((end - points.back().time).value) {}

  Points points() const { return points_; }
  double before() const { return before_; }
  double after() const { return after_; }
  double gap(std::size_t i) const { return (points_[i].time - points_[i - 1].time).value; }

  double energy() const {
    double joules = points_.front().value * before_ + points_.back().value * after_;
    for (std::size_t i = 1; i < points_.size(); ++i)
      joules += gap(i) * (points_[i - 1].value + points_[i].value) / 2;
    return joules;
  }

  // s²: of the time that each reading stands for.
  double squares() const {
    double sum = 0;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const double left = i == 0 ? before_ : gap(i) / 2;
      const double right = i + 1 == points_.size() ? after_ : gap(i + 1) / 2;
      sum += square(left + right);
    }
    return sum;
  }

  // J: what power that goes on to change as between the last two readings adds at the ends.
  double slopes() const {
    if (points_.size() < 2) return 0;
    const auto slope = [&](std::size_t i) {
      const double length = gap(i);
      return length > 0 ? std::abs(points_[i].value - points_[i - 1].value) / length : 0;
    };
    return (slope(1) * square(before_) + slope(points_.size() - 1) * square(after_)) / 2;
  }

 private:
  Points points_;
  double before_, after_;  // s
};

struct Gaps {
  double joules = 0;
  double seconds = 0;
};

// Over more than 3 periods nothing is known but what was ever read.
Gaps gaps_of(const Curve& curve, const Held& held) {
  Gaps gaps;
  const auto [least, most] = range_of(curve);
  const double longest = kGapPeriods * curve.period.value;
  const auto add = [&, least = least, most = most](double length, double mean) {
    if (length <= longest) return;
    gaps.joules += std::max(most - mean, mean - least) * length;
    gaps.seconds += length;
  };
  const Points points = held.points();
  add(held.before(), points.front().value);
  add(held.after(), points.back().value);
  for (std::size_t i = 1; i < points.size(); ++i)
    add(held.gap(i), (points[i - 1].value + points[i].value) / 2);
  return gaps;
}

// A reading against the line between its neighbours: its own variance and theirs.
void add_residual(Roughness& roughness, const CurvePoint& left, const CurvePoint& middle,
                  const CurvePoint& right) {
  const double whole = (right.time - left.time).value;
  if (whole <= 0) return;
  const double share = (middle.time - left.time).value / whole;
  const double residual = middle.value - left.value - share * (right.value - left.value);
  roughness.squares += square(residual) / (1 + square(share) + square(1 - share));
  ++roughness.count;
}

// A mean of readings, of which a sensor that says how seldom it renews has told fewer.
void add_spread(Roughness& roughness, const Curve& curve, const CurvePoint& point) {
  const double told = curve.renews.value > 0 ? curve.period.value / curve.renews.value : point.readings;
  const double readings = std::clamp(told, 1.0, static_cast<double>(point.readings));
  roughness.squares += square(static_cast<double>(point.deviation)) / readings;
  ++roughness.count;
}

double sampling_error(const Curve& curve, const Held& held, const Roughness& roughness) {
  const auto [least, most] = range_of(curve);
  const double variance = roughness.count > 1 ? roughness.squares / roughness.count : square(most - least);
  const double factor = roughness.count > 1 ? student_t_975(std::max(2, roughness.count / 2)) : kNormal95;
  return factor * std::sqrt(variance * held.squares());
}

// The power's range next to a time: what a shift of the edge there moves.
double step_at(const Curve& curve, Seconds time, Seconds reach) {
  double least = INFINITY, most = -INFINITY;
  for (const CurvePoint& point : around(curve, time - reach, time + reach)) {
    least = std::min(least, point.value);
    most = std::max(most, point.value);
  }
  return most > least ? most - least : 0;
}

// What a sensor that is later or earlier than its lag by up to its delay would have shown: both edges move
// alike.
double shift_error(const Curve& curve, Seconds begin, Seconds end, double energy) {
  double most = 0;
  for (const double shift : {-curve.delay.value, curve.delay.value}) {
    const Points points = inside_points(curve, begin + Seconds{shift}, end + Seconds{shift});
    if (points.empty()) continue;
    const Held held(points, begin + Seconds{shift}, end + Seconds{shift});
    most = std::max(most, std::abs(held.energy() - energy));
  }
  return most;
}

double spread_error(const Curve& curve, Seconds begin, Seconds end) {
  if (curve.smear.value <= 0) return 0;
  const Seconds reach = curve.smear + curve.period / 2;
  return (step_at(curve, begin, reach) + step_at(curve, end, reach)) * curve.smear.value * kSpreadShare;
}

}  // namespace

Roughness roughness_within(const Curve& curve, Seconds begin, Seconds end) {
  const Points points = inside_points(curve, begin + curve.lag, end + curve.lag);
  Roughness roughness;
  for (const CurvePoint& point : points)
    if (point.readings > 1) add_spread(roughness, curve, point);
  if (roughness.count > 0) return roughness;
  for (std::size_t i = 2; i < points.size(); ++i)
    if (points[i].time - points[i - 2].time <= curve.period * (2 * kGapPeriods))
      add_residual(roughness, points[i - 2], points[i - 1], points[i]);
  return roughness;
}

Integrated integrate(const Curve& curve, Seconds begin, Seconds end, const Roughness& roughness) {
  const Seconds near = curve.period * kGapPeriods;
  const auto close = [&](const CurvePoint& point) {
    return point.time >= begin - near && point.time <= end + near;
  };
  if (end <= begin || !std::ranges::any_of(around(curve, begin - near, end + near), close))
    return tl::unexpected(std::string("no reading near this execution"));
  begin += curve.lag;
  end += curve.lag;
  const Points points = inside_points(curve, begin, end);
  Integral result;
  if (points.empty()) return result;
  const Held held(points, begin, end);
  const double length = (end - begin).value;
  const Gaps gaps = gaps_of(curve, held);
  for (const CurvePoint& point : points) {
    result.inside += point.readings;
    result.peak.value = std::max({result.peak.value, point.value, static_cast<double>(point.most)});
  }
  result.energy = {held.energy()};
  result.sampling = {std::hypot(sampling_error(curve, held, roughness), held.slopes())};
  const double ends =
      std::hypot(shift_error(curve, begin, end, held.energy()), spread_error(curve, begin, end));
  result.lasting = {std::hypot(kUniform95 * most_off(curve) * length, ends)};
  result.ends = {ends};
  result.edges = {ends + gaps.joules};
  result.uncertainty = {std::hypot(result.sampling.value, result.lasting.value) + gaps.joules};
  result.coverage = std::clamp(1 - gaps.seconds / length, 0.0, 1.0);
  return result;
}

Integrated integrate(const Curve& curve, Seconds begin, Seconds end) {
  return integrate(curve, begin, end, roughness_within(curve, begin, end));
}

}  // namespace pw
