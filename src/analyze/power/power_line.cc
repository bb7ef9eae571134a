// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/power_line.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pw {
namespace {

// The points of [begin, end) as one.
PowerPoint merged(const std::vector<CurvePoint>& points, std::size_t begin, std::size_t end) {
  PowerPoint one{0, 0, points[begin].value, points[begin].value};
  for (std::size_t i = begin; i < end; ++i) {
    one.time += points[i].time.value;
    one.watts += points[i].value;
    one.least = std::min(one.least, points[i].value);
    one.most = std::max(one.most, points[i].value);
  }
  const auto count = static_cast<double>(end - begin);
  one.time /= count;
  one.watts /= count;
  return one;
}

// Whether a reading failed within (from, to).
bool failed_between(const std::vector<double>& failed, double from, double to) {
  const auto next = std::upper_bound(failed.begin(), failed.end(), from);
  return next != failed.end() && *next < to;
}

// The times, at most one in each of kLineParts parts of [0, span].
std::vector<double> thinned(const std::vector<double>& times, double span) {
  std::vector<double> kept;
  double last = -1;
  for (const double time : times) {
    const double column = std::floor(time / span * static_cast<double>(kLineParts));
    if (column != last) kept.push_back(time);
    last = column;
  }
  return kept;
}

std::vector<double> failed_times(const Recording& recording, std::size_t channel) {
  std::vector<double> failed;
  for (const PowerSample& sample : recording.samples.of(channel))
    if (!usable(sample)) failed.push_back(to_seconds(sample.time - recording.start).value);
  return failed;
}

}  // namespace

PowerLine power_line(const Recording& recording, std::size_t channel, const Curve& watts, std::size_t parts) {
  const auto& points = watts.points;
  PowerLine line;
  if (points.empty()) return line;
  std::vector<double> failed;
  if (points.size() < recording.samples.of(channel).size()) failed = failed_times(recording, channel);
  const double first = points.front().time.value;
  const double span = std::max(points.back().time.value - first, 1e-9);
  line.decimated = points.size() > parts;
  const double width = span / static_cast<double>(parts);
  for (std::size_t begin = 0, end = 0; begin < points.size(); begin = end) {
    const double limit = first + (std::floor((points[begin].time.value - first) / width) + 1) * width;
    end = begin + 1;
    while (line.decimated && end < points.size() && points[end].time.value < limit) ++end;
    if (begin > 0) {
      const double from = points[begin - 1].time.value, to = points[begin].time.value;
      const bool long_enough = !line.decimated || to - from > width;
      if (to - from > kGapPeriods * watts.period.value || (long_enough && failed_between(failed, from, to)))
        line.points.push_back({(from + to) / 2, NAN, NAN, NAN});
    }
    line.points.push_back(merged(points, begin, end));
    line.most = std::max(line.most, line.points.back().most);
  }
  line.failed = thinned(failed, first + span);
  return line;
}

}  // namespace pw
