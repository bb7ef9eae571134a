// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/power_plot_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "analyze/curve.h"
#include "base/text.h"

namespace pw {
namespace {

// The points of [begin, end) as one.
PlotPoint merged(const std::vector<CurvePoint>& points, std::size_t begin, std::size_t end) {
  PlotPoint one{0, 0, points[begin].value, points[begin].value};
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

// The times, at most one in each of the `columns` parts of [0, span].
std::vector<double> thinned(const std::vector<double>& times, double span, std::size_t columns) {
  std::vector<double> kept;
  double last = -1;
  for (const double time : times) {
    const double column = std::floor(time / span * static_cast<double>(columns));
    if (column != last) kept.push_back(time);
    last = column;
  }
  return kept;
}

std::vector<double> failed_times(const Recording& recording, int channel) {
  std::vector<double> failed;
  for (const PowerSample& sample : recording.samples)
    if (sample.channel == channel && !usable(sample))
      failed.push_back(to_seconds(sample.time - recording.start).value);
  return failed;
}

}  // namespace

PlotLine plot_line(const Recording& recording, int channel, std::size_t columns) {
  const Curve curve = power_curve(recording, channel);
  const auto& points = curve.points;
  PlotLine line;
  const std::vector<double> failed = failed_times(recording, channel);
  if (points.empty()) return line;
  const double first = points.front().time.value;
  const double span = std::max(points.back().time.value - first, 1e-9);
  line.decimated = points.size() > columns;
  const double width = span / static_cast<double>(columns);
  for (std::size_t begin = 0, end = 0; begin < points.size(); begin = end) {
    const double limit = first + (std::floor((points[begin].time.value - first) / width) + 1) * width;
    end = begin + 1;
    while (line.decimated && end < points.size() && points[end].time.value < limit) ++end;
    if (begin > 0) {
      const double from = points[begin - 1].time.value, to = points[begin].time.value;
      const bool long_enough = !line.decimated || to - from > width;
      if (to - from > kGapPeriods * curve.period.value || (long_enough && failed_between(failed, from, to)))
        line.points.push_back({(from + to) / 2, NAN, NAN, NAN});
    }
    line.points.push_back(merged(points, begin, end));
    line.most = std::max(line.most, line.points.back().most);
  }
  line.failed = thinned(failed, first + span, columns);
  return line;
}

std::string csv_of(const PlotLine& line) {
  std::string data = "time_s,watts,least,most\n";
  for (const PlotPoint& point : line.points)
    data += std::isnan(point.watts) ? "\n"
                                    : fmt::format("{:.6f},{:.6g},{:.6g},{:.6g}\n", point.time, point.watts,
                                                  point.least, point.most);
  return data;
}

std::string executions_csv(const Recording& recording, std::span<const EnergyRow> energy) {
  std::map<std::pair<int, int>, double> means;
  for (const EnergyRow& row : energy)
    if (row.mean) means[{row.test, row.pass}] = row.mean->value;
  std::string data = "test,pass,begin_s,end_s,mean_w\n";
  for (const Execution& one : recording.executions) {
    const auto mean = means.find({one.test, one.pass});
    data += fmt::format("{},{},{:.6f},{:.6f},{}\n", one.test, one.pass,
                        to_seconds(one.begin - recording.start).value,
                        to_seconds(one.end - recording.start).value,
                        one.warmup() || mean == means.end() ? "" : fmt::format("{:.6g}", mean->second));
  }
  return data;
}

}  // namespace pw
