// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/curve.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <utility>

#include "analyze/power/sensor.h"
#include "model/renewal.h"

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

// Of a reading, by the host's clock: how far that was ahead of the sensor's.
struct ClockOffset {
  Seconds time;
  double offset;
};

// Puts the points at the times when the sensor made their values: its clock against ours is known from the
// freshest reading near. A value that was read twice is dropped. In place: there may be millions.
void use_stamps(std::vector<CurvePoint>& points, const std::vector<double>& stamps) {
  std::deque<ClockOffset> freshest;  // with ascending offsets, within the window around point i
  std::size_t kept = 0;
  for (std::size_t i = 0, next = 0; i < points.size(); ++i) {
    CurvePoint point = points[i];
    for (; next < points.size() && points[next].time <= point.time + kStampWindow; ++next) {
      const ClockOffset one{points[next].time, points[next].time.value - stamps[next]};
      while (!freshest.empty() && freshest.back().offset >= one.offset) freshest.pop_back();
      freshest.push_back(one);
    }
    while (freshest.front().time < point.time - kStampWindow) freshest.pop_front();
    if (i > 0 && stamps[i] == stamps[i - 1] && !point.broken) continue;
    point.time = {stamps[i] + freshest.front().offset};
    if (kept > 0) point.time = std::max(point.time, points[kept - 1].time);
    points[kept++] = point;
  }
  points.resize(kept);
}

// Ascending.
std::vector<Nanoseconds> edges_of(const Recording& recording) {
  std::vector<Nanoseconds> edges;
  for (const Execution& one : recording.executions) edges.insert(edges.end(), {one.begin, one.end});
  std::ranges::sort(edges);
  return edges;
}

bool is_of_bins(const Channel& channel) {
  return channel.kind == ChannelKind::accumulating && channel.averages.value > 0;
}

constexpr std::size_t kStepValues = 20'000;  // are enough to see a grid

// What the sensor says of its step, unless its values stand on a coarser grid.
SensorStep step_of_channel(const Channel& channel, const std::vector<CurvePoint>& points) {
  std::vector<double> values;
  const std::size_t stride = points.size() / kStepValues + 1;
  for (std::size_t i = 0; i < points.size(); i += stride)
    values.push_back(points[i].readings > 1 ? static_cast<double>(points[i].most) : points[i].value);
  const bool joules = channel.kind == ChannelKind::accumulating;
  // The joules of bins are ours: of a steady power their sums stand on a grid that is no sensor's.
  if (is_of_bins(channel)) return {channel.step, true};
  if (joules && !values.empty())
    for (const double first = values.front(); double& value : values) value -= first;
  SensorStep shown = step_of(std::move(values));
  if (joules && !shown.known) shown.step = 0;
  if (channel.step > 0 && !(shown.known && shown.step > channel.step)) return {channel.step, true};
  return shown;
}

constexpr double kSecondDifference = 0.477;  // median of |second difference of uniform ages|: 0.6745 √(6/12)
constexpr double kAgeMargin = 1.5;
constexpr double kLeastAge = 0.1;  // of a period: one that is renewed in step with it shows nothing

// How old a counter's values may be, at most: ages that differ make neighbouring mean powers differ.
Seconds most_age(const Curve& joules) {
  std::vector<double> changes;  // of the power, relative
  const auto& points = joules.points;
  const auto watts = [&](std::size_t i) {
    return (points[i].value - points[i - 1].value) / (points[i].time - points[i - 1].time).value;
  };
  const auto whole = [&](std::size_t i) { return points[i].time - points[i - 1].time > joules.period / 2; };
  for (std::size_t i = 2; i < points.size(); ++i)
    if (whole(i - 1) && whole(i) && !points[i].broken && watts(i - 1) + watts(i) > 0)
      changes.push_back(2 * std::abs(watts(i) - watts(i - 1)) / (watts(i) + watts(i - 1)));
  if (changes.size() < 10) return joules.period;
  const auto middle = changes.begin() + static_cast<std::ptrdiff_t>(changes.size() / 2);
  std::nth_element(changes.begin(), middle, changes.end());
  return joules.period * std::max(kLeastAge, kAgeMargin * *middle / kSecondDifference);
}

constexpr double kSlow = 2, kSlowSpread = 5;  // periods; of those that are a mean of readings

// Of a sensor of watts that renews them seldom: only what is new, and that as its period.
template <class Samples>
void use_renewals(const Recording& recording, const Channel& channel, const Samples& samples, Curve& curve) {
  const auto mean = [](const CurvePoint& point) { return point.readings > 1; };
  if (std::ranges::any_of(curve.points, mean)) curve.spread = curve.period;
  const Seconds renewal = to_seconds(renewal_of(samples, edges_of(recording)).value_or(Nanoseconds{}));
  curve.renews = std::max(curve.renews, renewal);
  const bool slow = renewal > curve.period * (curve.spread.value > 0 ? kSlowSpread : kSlow);
  if (slow) {
    keep_renewed(curve.points, renewal);
    curve.spread = {};
    curve.period = renewal;
  }
  curve.band = dead_band_of(curve.points);
  const Seconds averages = to_seconds(channel.averages);
  // What one that does not say over how long it averages makes new seldom may be the mean since the last
  // time.
  if (averages > curve.period)
    curve.smear = averages + curve.period;
  else if (slow)
    curve.smear = renewal * 2;
}

}  // namespace

double most_off(const Curve& curve) { return curve.step / 2 + curve.band; }

ValueRange range_of(const Curve& curve) {
  if (curve.range) return *curve.range;
  const auto [least, most] = std::ranges::minmax(curve.points, {}, &CurvePoint::value);
  return {least.value, most.value};
}

std::span<const CurvePoint> around(const Curve& curve, Seconds begin, Seconds end) {
  const auto& all = curve.points;
  auto first = std::lower_bound(all.begin(), all.end(), begin, [](auto& a, Seconds t) { return a.time < t; });
  auto last = std::upper_bound(first, all.end(), end, [](Seconds t, auto& a) { return t < a.time; });
  if (first != all.begin()) --first;
  if (last != all.end()) ++last;
  return {first, last};
}

std::vector<double> values_between(const Curve& curve, Seconds begin, Seconds end) {
  std::vector<double> values;
  for (const CurvePoint& point : around(curve, begin, end))
    if (point.time >= begin && point.time <= end) values.push_back(point.value);
  return values;
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

Curve curve_of(const Recording& recording, std::size_t index) {
  const Channel& channel = recording.channels[index];
  const auto own_samples = recording.samples.of(index);
  Curve curve;
  curve.sample_error = channel.sample_error;
  curve.points.reserve(own_samples.size());
  std::vector<double> stamps;
  if (channel.clock_hz > 0) stamps.reserve(own_samples.size());
  for (const PowerSample& sample : own_samples) {
    if (!usable(sample)) continue;
    const double value = sample.watts ? sample.watts->value : sample.joules->value;
    if (!std::isfinite(value)) continue;
    if (channel.clock_hz > 0 && sample.sensor_time)
      stamps.push_back(static_cast<double>(*sample.sensor_time) / channel.clock_hz);
    curve.points.push_back({to_seconds(sample.time - recording.start), value, to_seconds(sample.read),
                            sample.status == SampleStatus::reset, sample.readings, sample.deviation,
                            sample.most});
  }
  const PowerSource& source = source_of(recording, channel);
  const Seconds own = own_period(source, channel);
  curve.period = period_of(source, own, curve.points);
  curve.age = own.value > 0 ? own : curve.period;
  curve.bins = is_of_bins(channel);
  // They come with their own times; how well these are known is how long the reads were.
  if (curve.bins) curve.age = {};
  curve.renews = own;
  const SensorStep step = step_of_channel(channel, curve.points);
  curve.step = step.step;
  curve.step_known = step.known;
  if (!stamps.empty() && stamps.size() == curve.points.size()) {
    use_stamps(curve.points, stamps);
    curve.delay = std::exchange(curve.age, {});
  }
  if (channel.kind == ChannelKind::instantaneous) use_renewals(recording, channel, own_samples, curve);
  if (channel.kind == ChannelKind::accumulating && own.value == 0 && curve.delay.value == 0)
    curve.age = std::min(curve.age, most_age(curve));
  if (!curve.points.empty()) curve.range = range_of(curve);
  return curve;
}

Curve power_curve(const Curve& joules) {
  Curve curve{{}, joules.period, joules.step, joules.age, joules.delay, joules.sample_error, {}};
  curve.points.reserve(joules.points.size());
  for (std::size_t i = 1; i < joules.points.size(); ++i) {
    const CurvePoint& left = joules.points[i - 1];
    const CurvePoint& right = joules.points[i];
    const Seconds length = right.time - left.time;
    const double rise = right.value - left.value;
    if (length.value > 0 && rise >= 0 && !right.broken)
      curve.points.push_back({left.time + length / 2, rise / length.value, right.read});
  }
  curve.step = curve.step / curve.period.value + 2 * curve.sample_error.value;
  curve.spread = curve.period;
  return curve;
}

ChannelCurves::ChannelCurves(const Recording& recording, std::size_t channel)
    : own(curve_of(recording, channel)),
      joules_(recording.channels[channel].kind == ChannelKind::accumulating) {}

const Curve& ChannelCurves::watts() {
  if (!joules_) return own;
  if (!power_) power_ = power_curve(own);
  return *power_;
}

}  // namespace pw
