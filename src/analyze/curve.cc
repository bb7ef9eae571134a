// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/curve.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace pw {
namespace {

constexpr double kUniform95 = 0.95;  // of a value uniform within ± 1, 95 % lie within ± 0.95
constexpr double kNormal95 = 1.96;   // of a sum of many, in standard deviations

double square(double x) { return x * x; }

using Points = std::span<const CurvePoint>;

// The points within [begin, end] and one more on each side, where there is one.
Points around(const Curve& curve, Seconds begin, Seconds end) {
  const auto& all = curve.points;
  auto first = std::lower_bound(all.begin(), all.end(), begin, [](auto& a, Seconds t) { return a.time < t; });
  auto last = std::upper_bound(first, all.end(), end, [](Seconds t, auto& a) { return t < a.time; });
  if (first != all.begin()) --first;
  if (last != all.end()) ++last;
  return {first, last};
}

// Linear between the points; beyond them the value of the nearest.
double value_at(Points points, Seconds time) {
  const auto after =
      std::lower_bound(points.begin(), points.end(), time, [](auto& a, Seconds t) { return a.time < t; });
  if (after == points.begin()) return points.front().value;
  if (after == points.end()) return points.back().value;
  const CurvePoint& left = *(after - 1);
  const double length = (after->time - left.time).value;
  const double share = length > 0 ? (time - left.time).value / length : 1;
  return left.value + share * (after->value - left.value);
}

// The part of [begin, end] between two neighbouring points.
struct Piece {
  double length;     // inside the interval, s
  double whole;      // between the two points, s; infinite before the first and after the last
  double variation;  // between the two points, W
  double mean;       // of the line inside the interval, W
};

std::vector<Piece> pieces_of(Points points, Seconds begin, Seconds end) {
  std::vector<Piece> pieces;
  const auto add = [&](Seconds from, Seconds to, double variation, double whole) {
    from = std::max(from, begin);
    to = std::min(to, end);
    if (to <= from) return;
    const double mean = (value_at(points, from) + value_at(points, to)) / 2;
    pieces.push_back({(to - from).value, whole, variation, mean});
  };
  add(begin, points.front().time, 0, INFINITY);
  for (std::size_t i = 1; i < points.size(); ++i)
    add(points[i - 1].time, points[i].time, std::abs(points[i].value - points[i - 1].value),
        (points[i].time - points[i - 1].time).value);
  add(points.back().time, end, 0, INFINITY);
  return pieces;
}

// The least and the most that was ever read.
std::pair<double, double> range_of(const Curve& curve) {
  const auto [least, most] = std::minmax_element(curve.points.begin(), curve.points.end(),
                                                 [](auto& a, auto& b) { return a.value < b.value; });
  return {least->value, most->value};
}

struct Sampling {
  double squares = 0;  // of the 95 % errors of the pieces, J²
  double gaps = 0;     // J
  double covered = 0;  // s
};

Sampling sampling_of(const Curve& curve, const std::vector<Piece>& pieces) {
  Sampling sampling;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (piece.whole > kGapPeriods * curve.period.value) {
      const auto [least, most] = range_of(curve);
      sampling.gaps += std::max(most - piece.mean, piece.mean - least) * piece.length;
      continue;
    }
    sampling.covered += piece.length;
    double variation = piece.variation;
    if (i > 0) variation = std::max(variation, pieces[i - 1].variation);
    if (i + 1 < pieces.size()) variation = std::max(variation, pieces[i + 1].variation);
    sampling.squares += square(kNormal95 * variation * piece.length / 2) / 3;
  }
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

// 1/rate, or the median distance of the samples where no rate is known; the sensor's own period where that is
// longer.
Seconds period_of(const PowerSource& source, const Channel& channel, const std::vector<CurvePoint>& points) {
  const Seconds own =
      std::max(to_seconds(channel.refresh), to_seconds(source.renews.value_or(Nanoseconds{})));
  if (source.rate_hz > 0) return std::max(Seconds{1 / source.rate_hz}, own);
  std::vector<double> lengths;
  for (std::size_t i = 1; i < points.size(); ++i)
    lengths.push_back((points[i].time - points[i - 1].time).value);
  if (lengths.empty()) return std::max(Seconds{1}, own);
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  return std::max(Seconds{*middle}, own);
}

}  // namespace

Curve curve_of(const Recording& recording, int index) {
  const Channel& channel = recording.channels[static_cast<std::size_t>(index)];
  Curve curve;
  curve.step = channel.step;
  for (const PowerSample& sample : recording.samples) {
    if (sample.channel != index || !usable(sample)) continue;
    const double value = sample.watts ? sample.watts->value : sample.joules->value;
    if (std::isfinite(value))
      curve.points.push_back({to_seconds(sample.time - recording.start), value, to_seconds(sample.read),
                              sample.status == SampleStatus::reset});
  }
  curve.period =
      period_of(recording.sources[static_cast<std::size_t>(channel.source)], channel, curve.points);
  return curve;
}

Curve power_curve(const Recording& recording, int index) {
  Curve curve = curve_of(recording, index);
  if (recording.channels[static_cast<std::size_t>(index)].kind == ChannelKind::instantaneous) return curve;
  std::vector<CurvePoint> joules;
  joules.swap(curve.points);
  for (std::size_t i = 1; i < joules.size(); ++i) {
    const Seconds length = joules[i].time - joules[i - 1].time;
    const double rise = joules[i].value - joules[i - 1].value;
    if (length.value > 0 && rise >= 0 && !joules[i].broken)
      curve.points.push_back({joules[i - 1].time + length / 2, rise / length.value, joules[i].read});
  }
  curve.step /= curve.period.value;
  return curve;
}

Integrated integrate(const Curve& curve, Seconds begin, Seconds end) {
  const Seconds near = curve.period * kGapPeriods;
  const bool any = inside_of(around(curve, begin - near, end + near), begin - near, end + near).count > 0;
  if (!any || end <= begin) return tl::unexpected(std::string("no reading near this execution"));
  const Points points = around(curve, begin, end);
  const std::vector<Piece> pieces = pieces_of(points, begin, end);
  const Inside inside = inside_of(points, begin, end);
  const Sampling sampling = sampling_of(curve, pieces);
  const double length = (end - begin).value;
  const double shift = value_at(points, end) - value_at(points, begin);
  const double squares = sampling.squares + square(kUniform95 * curve.step / 2 * length) +
                         square(kUniform95 * shift * (curve.period.value + inside.read) / 2);
  Integral result;
  for (const Piece& piece : pieces) result.energy.value += piece.mean * piece.length;
  result.uncertainty = {std::sqrt(squares) + sampling.gaps};
  result.peak = {inside.most};
  result.coverage = std::min(1.0, sampling.covered / length);
  result.inside = inside.count;
  return result;
}

Integrated difference(const Curve& curve, Seconds begin, Seconds end) {
  const Points points = around(curve, begin, end);
  if (points.size() < 2 || points.front().time > begin || points.back().time < end || end <= begin)
    return tl::unexpected(std::string("no reading both before and after this execution"));
  for (std::size_t i = 1; i < points.size(); ++i)
    if (points[i].broken && points[i].time > begin && points[i - 1].time < end)
      return tl::unexpected(std::string("the sensor's counter was reset meanwhile: its energy is unknown"));
  if (!std::is_sorted(points.begin(), points.end(), [](auto& a, auto& b) { return a.value < b.value; }))
    return tl::unexpected(std::string("the sensor's energy went back: it wrapped or was reset"));
  // The energy of the pieces that hold the edges: where in them it was spent is unknown.
  const auto edge = [&](Seconds time) {
    for (std::size_t i = 1; i < points.size(); ++i)
      if (points[i].time >= time) return points[i].value - points[i - 1].value;
    return 0.0;
  };
  Integral result;
  result.energy = {value_at(points, end) - value_at(points, begin)};
  result.uncertainty = {
      std::sqrt(square(curve.step) + square(kUniform95 * edge(begin)) + square(kUniform95 * edge(end)))};
  double covered = 0;
  for (const Piece& piece : pieces_of(points, begin, end))
    if (piece.whole <= kGapPeriods * curve.period.value) covered += piece.length;
  result.coverage = std::min(1.0, covered / (end - begin).value);
  result.inside = inside_of(points, begin, end).count;
  return result;
}

}  // namespace pw
