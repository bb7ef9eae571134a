// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/lag.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

constexpr double kClear = 4;         // steps, dead bands, and deviations of the idle samples, that leave idle
constexpr double kLeastShare = 0.1;  // of the step, likewise
constexpr double kNearPeriods = 40;  // where a step is looked for
constexpr Seconds kNear{5};          // or so long, where that is more
constexpr std::size_t kLevelSamples = 4;
constexpr double kLeastStep = 0.2;       // of the load's level above idle
constexpr double kMixed = 0.8;           // of the way: less is between idle and load
constexpr std::size_t kLastSamples = 3;  // that show the power right before an end
constexpr double kPausePeriods = 12;     // of idle time: one that shows an idle level
constexpr std::size_t kMostSteps = 200;

// Times after a step between which it shows.
struct Response {
  double least, most;  // s
  bool mixed = false;  // a reading showed something between
};

// Where the values first pass `level` on their way from idle after `begin`, if they then go up by a part of
// `rise` within as long again: a power that changes by itself has no such step.
std::optional<Response> rise_at(const Curve& curve, Seconds begin, Seconds near, double level, double rise) {
  const auto points = around(curve, begin - near, begin + near);
  auto first = std::ranges::lower_bound(points, begin, {}, &CurvePoint::time);
  while (first != points.begin() && (first - 1)->value > level) --first;
  while (first != points.end() && first->value <= level) ++first;
  if (first == points.begin() || first == points.end()) return std::nullopt;
  const Seconds late = std::max(Seconds{}, first->time - begin);
  double most = first->value;
  for (auto next = first; next != points.end() && next->time <= first->time + late + curve.period * 2; ++next)
    most = std::max(most, next->value);
  if (most - level < kLeastStep * rise) return std::nullopt;
  const bool mixed =
      first + 1 != points.end() && first->value - level < kMixed * ((first + 1)->value - level);
  return Response{((first - 1)->time - begin).value, (first->time - begin).value, mixed};
}

// Where they pass it, `height` above idle, on their way to idle after `end`.
std::optional<Response> fall_at(const Curve& curve, Seconds end, Seconds near, double level, double height) {
  const auto points = around(curve, end - near, end + near);
  auto first = std::ranges::lower_bound(points, end, {}, &CurvePoint::time);
  while (first != points.begin() && (first - 1)->value <= level) --first;
  while (first != points.end() && first->value > level) ++first;
  if (first == points.begin() || first == points.end()) return std::nullopt;
  const double above = first - 1 == points.begin() ? level : (first - 2)->value - level;
  const bool mixed = (first - 1)->value - level < kMixed * above || level - first->value < kMixed * height;
  return Response{((first - 1)->time - end).value, (first->time - end).value, mixed};
}

// A stretch of idle time.
struct Idle {
  Seconds begin, end;
};

// How long after begins the curve leaves idle, and after ends is half way back to it.
struct Responses {
  std::vector<Response> rises, falls;
};

class ResponseFinder {
 public:
  ResponseFinder(const Recording& recording, const Curve& curve)
      : start_(recording.start), curve_(curve), near_(std::max(kNear, curve.period * kNearPeriods)) {}

  void add_begin(const Idle& idle, const Execution& execution, Responses& responses) const {
    const auto sides = sides_of(idle, execution);
    if (!sides) return;
    const double rise = statistics(sides->load)->median - sides->idle;
    if (rise <= sides->clear) return;
    const double level = sides->idle + std::max(sides->clear / 2, kLeastShare * rise);
    if (const auto one = rise_at(curve_, to_seconds(execution.begin - start_), near_, level, rise))
      responses.rises.push_back(widened(*one));
  }

  void add_end(const Idle& idle, const Execution& execution, Responses& responses) const {
    const auto sides = sides_of(idle, execution);
    if (!sides) return;
    const double rise = statistics(std::span(sides->load).last(kLastSamples))->median - sides->idle;
    if (rise <= sides->clear) return;
    const Seconds end = to_seconds(execution.end - start_);
    if (const auto one = fall_at(curve_, end, near_, sides->idle + rise / 2, rise / 2))
      responses.falls.push_back(widened(*one));
  }

 private:
  struct Sides {
    double idle;               // W
    double clear;              // W above it: no noise
    std::vector<double> load;  // W
  };

  // Nothing where there are too few readings.
  std::optional<Sides> sides_of(const Idle& idle, const Execution& execution) const {
    const auto values = values_between(curve_, idle.begin, idle.end);
    auto load =
        values_between(curve_, to_seconds(execution.begin - start_), to_seconds(execution.end - start_));
    if (values.size() < kLevelSamples || load.size() < kLevelSamples) return std::nullopt;
    const Statistics level = *statistics(values);
    return Sides{level.median, kClear * std::max({curve_.step, curve_.band, level.deviation}),
                 std::move(load)};
  }

  // A value that is the mean of a stretch may show what is half of it away.
  Response widened(Response one) const {
    const double half = curve_.spread.value / 2;
    return {one.least - half, one.most + half, one.mixed && half == 0};
  }

  Nanoseconds start_;
  const Curve& curve_;
  Seconds near_;
};

Responses responses_of(const Recording& recording, const Curve& curve) {
  Responses responses;
  const ResponseFinder find(recording, curve);
  const auto& executions = recording.executions;
  for (const Window& window : recording.windows) {
    const Seconds begin = to_seconds(window.begin - recording.start);
    const Seconds end = to_seconds(window.end - recording.start);
    const auto [idle, busy] = window.before ? std::pair(window.end, executions.front().begin)
                                            : std::pair(executions.back().end, window.begin);
    if (!idle_between(recording, idle, busy)) continue;
    if (window.before)
      find.add_begin({begin, end}, executions.front(), responses);
    else  // what the sensor shows late is left out of the level
      find.add_end({begin + (end - begin) / 3, end}, executions.back(), responses);
  }
  for (const Pause& pause : pauses(recording, curve.period * kPausePeriods)) {
    if (responses.rises.size() >= kMostSteps) break;
    const Idle idle{pause.begin + (pause.end - pause.begin) / 2, pause.end};
    find.add_end(idle, executions[pause.next - 1], responses);
    find.add_begin(idle, executions[pause.next], responses);
  }
  return responses;
}

// What all of them allow; where they allow nothing in common, from the median of the one to that of the other
// ends.
Response common(std::vector<Response> all) {
  Response joined{-INFINITY, INFINITY};
  for (const Response& one : all)
    joined = {std::max(joined.least, one.least), std::min(joined.most, one.most), joined.mixed || one.mixed};
  if (joined.least <= joined.most) return joined;
  const std::size_t middle = all.size() / 2;
  std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(middle), {}, &Response::least);
  joined.least = all[middle].least;
  std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(middle), {}, &Response::most);
  joined.most = all[middle].most;
  return joined;
}

// Late by more than a reading: by a mean over so long, or for it is renewed so seldom.
SensorLag lag_of(const Response& one, Seconds period) {
  SensorLag lag{{(one.least + one.most) / 2}, {(one.most - one.least) / 2}};
  if (one.mixed) lag.smear = period;
  if (one.least > period.value) lag.smear = {2 * one.most};
  return lag;
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

bool idle_between(const Recording& recording, Nanoseconds begin, Nanoseconds end) {
  return std::ranges::none_of(recording.interludes,
                              [&](const Interlude& one) { return one.end > begin && one.begin < end; });
}

std::vector<Pause> pauses(const Recording& recording, Seconds least) {
  std::vector<Pause> found;
  const auto& all = recording.executions;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Pause one{to_seconds(all[i - 1].end - recording.start), to_seconds(all[i].begin - recording.start),
                    i};
    if (one.end - one.begin >= least && idle_between(recording, all[i - 1].end, all[i].begin))
      found.push_back(one);
  }
  return found;
}

std::optional<SensorLag> sensor_lag(const Recording& recording, const Curve& watts) {
  if (recording.executions.empty()) return std::nullopt;
  const Responses responses = responses_of(recording, watts);
  // A program that starts to work late looks like a sensor that is late; one that ends does not.
  if (responses.falls.empty()) return std::nullopt;
  const Response fall = common(responses.falls);
  if (responses.rises.empty()) return lag_of(fall, watts.period);
  const Response rise = common(responses.rises);
  if (rise.least > fall.most) return lag_of(fall, watts.period);
  if (rise.most >= fall.least) return lag_of(common({rise, fall}), watts.period);
  // Idle is left when the first of what is averaged is past, and half of all of it later it is half way back.
  SensorLag lag = lag_of(fall, watts.period);
  lag.smear = {2 * fall.most};
  return lag;
}

void use_lag(Curve& curve, ChannelKind kind, const std::optional<SensorLag>& lag) {
  const bool watts = kind == ChannelKind::instantaneous;
  if (!lag) {
    if (!watts) return;
    curve.lag = std::max(Seconds{}, curve.smear - curve.period) / 2;
    curve.delay = std::max(curve.period, curve.smear / 2);
    return;
  }
  const Seconds farthest = Seconds{std::abs(lag->lag.value)} + lag->uncertainty;
  if (!watts) {
    if (lag->significant()) curve.delay = std::max(curve.delay, farthest);
    return;
  }
  curve.lag = lag->significant() ? lag->lag : Seconds{};
  curve.delay = lag->significant() ? lag->uncertainty : farthest;
  curve.smear = std::max(curve.smear, lag->smear);
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
