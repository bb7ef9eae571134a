// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/idle.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

constexpr std::size_t kLeastSamples = 2;

std::optional<IdleLevel> level_of(const Curve& curve, const Window& window, Nanoseconds start) {
  Seconds begin = to_seconds(window.begin - start);
  Seconds end = to_seconds(window.end - start);
  if (!window.before) begin += (end - begin) / 3;
  const Seconds inner_begin = window.before ? begin + curve.period : begin;
  const Seconds inner_end = end - curve.period;
  std::vector<double> values = values_between(curve, inner_begin, inner_end);
  if (values.size() > kLeastSamples) {
    begin = inner_begin;
    end = inner_end;
  } else {
    values = values_between(curve, begin, end);
  }
  if (values.size() < kLeastSamples) return std::nullopt;
  const Statistics all = *statistics(values);
  return IdleLevel{
      {all.mean}, {std::hypot(*all.half_width, 0.95 * curve.step / 2)}, begin + (end - begin) / 2, all.n};
}

}  // namespace

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
  if (!before || !after) return before ? before->uncertainty : after->uncertainty;
  const double level = std::max(before->uncertainty, after->uncertainty).value;
  return Watts{std::hypot(level, 0.95 * (after->level - before->level).value / 2)};
}

IdleLevels idle_levels(const Recording& recording, const Curve& watts) {
  IdleLevels levels;
  for (const Window& window : recording.windows)
    if (const auto level = level_of(watts, window, recording.start))
      (window.before ? levels.before : levels.after) = level;
  return levels;
}

}  // namespace pw
