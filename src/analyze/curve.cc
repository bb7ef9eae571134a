// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/curve.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

namespace pw {
namespace {

// How often the sensor renews its value: as it says or as it was found; 0: unknown.
Seconds own_period(const PowerSource& source, const Channel& channel) {
  return std::max(to_seconds(channel.refresh), to_seconds(source.renews.value_or(Nanoseconds{})));
}

// 1/rate, or the median distance of the samples where no rate is known; the sensor's own period where that is
// longer.
Seconds period_of(const PowerSource& source, Seconds own, const std::vector<CurvePoint>& points) {
  if (source.rate_hz > 0) return std::max(Seconds{1 / source.rate_hz}, own);
  std::vector<double> lengths;
  for (std::size_t i = 1; i < points.size(); ++i)
    lengths.push_back((points[i].time - points[i - 1].time).value);
  if (lengths.empty()) return std::max(Seconds{1}, own);
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  return std::max(Seconds{*middle}, own);
}

constexpr Seconds kStampWindow{10};  // in which the two clocks do not drift apart

// Puts the points at the times when the sensor made their values: its clock against ours is known from the
// freshest reading near. A value that was read twice is dropped.
void use_stamps(std::vector<CurvePoint>& points, const std::vector<double>& stamps) {
  std::deque<std::size_t> freshest;  // with ascending offsets, within the window around point i
  const auto offset = [&](std::size_t i) { return points[i].time.value - stamps[i]; };
  std::vector<CurvePoint> stamped;
  for (std::size_t i = 0, next = 0; i < points.size(); ++i) {
    for (; next < points.size() && points[next].time <= points[i].time + kStampWindow; ++next) {
      while (!freshest.empty() && offset(freshest.back()) >= offset(next)) freshest.pop_back();
      freshest.push_back(next);
    }
    while (points[freshest.front()].time < points[i].time - kStampWindow) freshest.pop_front();
    if (i > 0 && stamps[i] == stamps[i - 1] && !points[i].broken) continue;
    CurvePoint point = points[i];
    point.time = {stamps[i] + offset(freshest.front())};
    if (!stamped.empty()) point.time = std::max(point.time, stamped.back().time);
    stamped.push_back(point);
  }
  points = std::move(stamped);
}

}  // namespace

std::span<const CurvePoint> around(const Curve& curve, Seconds begin, Seconds end) {
  const auto& all = curve.points;
  auto first = std::lower_bound(all.begin(), all.end(), begin, [](auto& a, Seconds t) { return a.time < t; });
  auto last = std::upper_bound(first, all.end(), end, [](Seconds t, auto& a) { return t < a.time; });
  if (first != all.begin()) --first;
  if (last != all.end()) ++last;
  return {first, last};
}

double value_at(std::span<const CurvePoint> points, Seconds time) {
  const auto after =
      std::lower_bound(points.begin(), points.end(), time, [](auto& a, Seconds t) { return a.time < t; });
  if (after == points.begin()) return points.front().value;
  if (after == points.end()) return points.back().value;
  const CurvePoint& left = *(after - 1);
  const double length = (after->time - left.time).value;
  const double share = length > 0 ? (time - left.time).value / length : 1;
  return left.value + share * (after->value - left.value);
}

Curve curve_of(const Recording& recording, int index) {
  const Channel& channel = recording.channels[static_cast<std::size_t>(index)];
  Curve curve;
  curve.step = channel.step;
  curve.sample_error = channel.sample_error;
  std::vector<double> stamps;
  for (const PowerSample& sample : recording.samples) {
    if (sample.channel != index || !usable(sample)) continue;
    const double value = sample.watts ? sample.watts->value : sample.joules->value;
    if (!std::isfinite(value)) continue;
    if (channel.clock_hz > 0 && sample.sensor_time)
      stamps.push_back(static_cast<double>(*sample.sensor_time) / channel.clock_hz);
    curve.points.push_back({to_seconds(sample.time - recording.start), value, to_seconds(sample.read),
                            sample.status == SampleStatus::reset});
  }
  const PowerSource& source = recording.sources[static_cast<std::size_t>(channel.source)];
  const Seconds own = own_period(source, channel);
  curve.period = period_of(source, own, curve.points);
  curve.age = own.value > 0 ? own : curve.period;
  if (stamps.empty() || stamps.size() != curve.points.size()) return curve;
  use_stamps(curve.points, stamps);
  curve.delay = std::exchange(curve.age, {});
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
  curve.step = curve.step / curve.period.value + 2 * curve.sample_error.value;
  return curve;
}

}  // namespace pw
