// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/stopped.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analyze/power/lag.h"
#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

constexpr int kFollowed = 2;  // edges before
constexpr double kClearSteps = 4;
constexpr double kPause = 8;  // periods

// Begins after idle time and ends before it.
std::vector<Seconds> idle_edges(const Recording& recording, Seconds period) {
  std::vector<Seconds> edges;
  const auto& all = recording.executions;
  for (const Window& window : recording.windows)
    if (!all.empty())
      edges.push_back(to_seconds((window.before ? all.front().begin : all.back().end) - recording.start));
  for (const Pause& pause : pauses(recording, period * kPause))
    edges.insert(edges.end(), {pause.begin, pause.end});
  return edges;
}

bool follows(const Curve& curve, Seconds edge) {
  edge += curve.lag;
  const Seconds near = curve.period, far = curve.period * kStoppedPeriods;
  const auto before = statistics(values_between(curve, edge - far, edge - near));
  const auto after = statistics(values_between(curve, edge + near, edge + far));
  return before && after &&
         std::abs(before->median - after->median) > kClearSteps * std::max(curve.step, curve.band);
}

}  // namespace

std::optional<Seconds> stopped_since(const Recording& recording, const Curve& curve) {
  const auto& points = curve.points;
  if (points.empty()) return std::nullopt;
  auto first = points.end() - 1;
  while (first != points.begin() && (first - 1)->value == points.back().value) --first;
  int followed = 0, passed = 0;
  for (const Seconds edge : idle_edges(recording, curve.period)) {
    if (edge > first->time + curve.period && edge + curve.period * kStoppedPeriods < points.back().time)
      ++passed;
    if (edge < first->time && follows(curve, edge)) ++followed;
  }
  return followed >= kFollowed && passed > 0 ? std::optional(first->time) : std::nullopt;
}

}  // namespace pw
