// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/idle.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "analyze/statistics/batch_means.h"
#include "analyze/statistics/parts.h"

namespace pw {
namespace {

constexpr std::size_t kLeastSamples = 2;
constexpr double kGlitch = 2;        // times the greatest power of the executions
constexpr Seconds kGlitchTime{0.5};  // or three readings

using Values = std::vector<TimedWatts>;

Values timed_between(const Curve& curve, Seconds begin, Seconds end) {
  Values values;
  for (const CurvePoint& point : around(curve, begin, end))
    if (point.time >= begin && point.time <= end) values.push_back({point.time.value, point.value});
  return values;
}

double greatest_of_executions(const Recording& recording, const Curve& curve) {
  double most = 0;
  for (const Execution& one : recording.executions)
    for (const double watts : values_between(curve, to_seconds(one.begin - recording.start),
                                             to_seconds(one.end - recording.start)))
      most = std::max(most, watts);
  return most;
}

// Takes out stretches of readings above `most`, where they are shorter than kGlitchTime.
void leave_out_glitches(Values& values, double most, Seconds period, IdleLevel& level) {
  const double longest = std::max(kGlitchTime.value, 3 * period.value);
  Values kept;
  for (std::size_t i = 0, next = 0; i < values.size(); i = next) {
    next = i + 1;
    const bool above = most > 0 && values[i].watts > most;
    while (next < values.size() && (most > 0 && values[next].watts > most) == above) ++next;
    const double length =
        (next < values.size() ? values[next].seconds : values.back().seconds) - values[i].seconds;
    const bool glitch = above && length <= longest;
    for (std::size_t k = i; k < next; ++k) {
      if (!glitch) {
        kept.push_back(values[k]);
        continue;
      }
      ++level.left_out;
      level.left_out_most = std::max(level.left_out_most, Watts{values[k].watts});
    }
  }
  values = std::move(kept);
}

// The window without what may show the command: a period at its ends, and what the sensor shows late.
Values idle_values(const Curve& curve, const Window& window, Nanoseconds start) {
  const Seconds begin = to_seconds(window.begin - start), end = to_seconds(window.end - start);
  const Seconds late = std::max(Seconds{}, curve.lag) + curve.delay + curve.smear / 2;
  const Seconds first = begin + curve.period + (window.before ? Seconds{} : late);
  const Seconds last = window.before ? end - curve.period : end;
  Values values = timed_between(curve, first, last);
  if (values.size() > kLeastSamples) return values;
  return timed_between(curve, window.before ? begin : begin + (end - begin) / 3, end);
}

void fill_level(IdleLevel& level, const Values& values) {
  level.settling = settling_of(values);
  std::vector<double> rest;
  double sum = 0;
  for (const TimedWatts& one : values) {
    const double fall =
        level.settling ? level.settling->height *
                             std::exp(-(one.seconds - values.front().seconds) / level.settling->time.value)
                       : 0;
    rest.push_back(one.watts - fall);
    sum += rest.back();
  }
  const BatchInterval interval = *batch_interval(rest);
  const auto n = static_cast<double>(rest.size());
  level.level = {level.settling ? level.settling->level : sum / n};
  level.noise = {interval.half_width * (level.settling ? std::sqrt(level.settling->level_variance * n) : 1)};
  level.correlated = interval.correlated;
  level.samples = static_cast<int>(rest.size());
}

std::optional<IdleLevel> level_of(const Curve& curve, const Window& window, Nanoseconds start, double most) {
  Values values = idle_values(curve, window, start);
  if (values.size() < kLeastSamples) return std::nullopt;
  IdleLevel level;
  leave_out_glitches(values, kGlitch * most, curve.period, level);
  if (values.size() < kLeastSamples) return std::nullopt;
  if (!window.before)
    values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(still_above(values)));
  level.watched = {values.back().seconds - values.front().seconds};
  level.at = {(values.front().seconds + values.back().seconds) / 2};
  fill_level(level, values);
  level.uncertainty = {std::hypot(level.noise.value, kUniform95 * most_off(curve))};
  return level;
}

}  // namespace

std::optional<Seconds> IdleLevel::longer() const {
  if (!settling || noise.value <= 0) return std::nullopt;
  const Seconds settled = settling->time * std::log(std::max(1.0, settling->height / noise.value));
  return settled > watched ? std::optional(settled) : std::nullopt;
}

std::optional<double> IdleLevels::drift() const {
  if (!before || !after || before->level.value <= 0) return std::nullopt;
  return (after->level - before->level).value / before->level.value;
}

std::optional<Watts> IdleLevels::at(Seconds time) const {
  if (!before && !after) return std::nullopt;
  if (!before || !after) return before ? before->level : after->level;
  const double length = (after->at - before->at).value;
  const double share = length > 0 ? (time - before->at).value / length : 0.5;
  return before->level + (after->level - before->level) * share;
}

std::optional<Watts> IdleLevels::uncertainty() const {
  if (!before && !after) return std::nullopt;
  if (!before || !after) return before ? before->noise : after->noise;
  const double level = std::max(before->noise, after->noise).value;
  return Watts{std::hypot(level, kUniform95 * (after->level - before->level).value / 2)};
}

IdleLevels idle_levels(const Recording& recording, const Curve& watts) {
  IdleLevels levels;
  const double most = greatest_of_executions(recording, watts);
  for (const Window& window : recording.windows)
    if (const auto level = level_of(watts, window, recording.start, most))
      (window.before ? levels.before : levels.after) = level;
  return levels;
}

}  // namespace pw
