// SPDX-License-Identifier: GPL-3.0-or-later
// Watts over time, each execution shaded and marked with its mean, the idle levels before and after.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/energy.h"
#include "base/text.h"
#include "report/figure.h"

namespace pw {
namespace {

constexpr std::size_t kMostPoints = 6000;  // beyond, each column of the picture gets its least, mean and most
constexpr std::size_t kMostShaded = 400;
constexpr std::size_t kMostLabelled = 24;

struct Point {
  double time;
  double watts;
};

// Points with breaks (NaN) where a reading failed.
std::vector<Point> curve(const Recording& recording, int channel) {
  std::vector<Point> points;
  for (const PowerSample& sample : recording.samples)
    if (sample.channel == channel)
      points.push_back(
          {to_seconds(sample.time - recording.start).value, sample.watts ? sample.watts->value : NAN});
  return points;
}

std::vector<Point> decimated(const std::vector<Point>& points) {
  if (points.size() <= kMostPoints) return points;
  std::vector<Point> kept;
  const std::size_t stride = points.size() / (kMostPoints / 3) + 1;
  for (std::size_t at = 0; at < points.size(); at += stride) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(std::min(at + stride, points.size()));
    const bool gap = std::any_of(begin, end, [](const Point& point) { return std::isnan(point.watts); });
    const auto [least, most] =
        std::minmax_element(begin, end, [](auto& a, auto& b) { return a.watts < b.watts; });
    if (gap) {
      kept.push_back({begin->time, NAN});
    } else {
      kept.push_back(*begin);
      kept.push_back(std::min(*least, *most, [](auto& a, auto& b) { return a.time < b.time; }));
      kept.push_back(std::max(*least, *most, [](auto& a, auto& b) { return a.time < b.time; }));
    }
  }
  return kept;
}

std::string data_of(const std::vector<Point>& points) {
  std::string data = "time_s,watts\n";
  for (const Point& point : points)
    data += std::isnan(point.watts)
                ? "\n"
                : fmt::format("{},{}\n", exact_number(point.time), exact_number(point.watts));
  return data;
}

std::string shade(const Recording& recording, std::span<const EnergyRow> energy, const Channel& channel) {
  const std::string source = shown_name(recording.sources[static_cast<std::size_t>(channel.source)]);
  std::string script;
  int tag = 10;
  const bool label = recording.executions.size() <= kMostLabelled;
  for (const Execution& execution : recording.executions) {
    if (execution.warmup() || tag > static_cast<int>(kMostShaded)) continue;
    const double begin = to_seconds(execution.begin - recording.start).value;
    const double end = to_seconds(execution.end - recording.start).value;
    script += fmt::format(
        "set object {} rectangle from {}, graph 0 to {}, graph 1 fillcolor rgb '{}' fillstyle solid 1.0 "
        "noborder behind\n",
        tag, exact_number(begin), exact_number(end), execution.test % 2 ? "#e8f1f8" : "#d6e6f2");
    for (const EnergyRow& row : energy) {
      if (row.test != execution.test || row.pass != execution.pass || row.source != source ||
          row.channel != channel.name || !row.mean)
        continue;
      script += fmt::format("set arrow {} from {}, {} to {}, {} nohead lw 2 lc rgb '#d55e00' front\n", tag,
                            exact_number(begin), exact_number(row.mean->value), exact_number(end),
                            exact_number(row.mean->value));
      if (label)
        script += fmt::format(
            "set label {} '{:.0f}' at {}, graph 0.965 center font ',10' textcolor rgb '#d55e00' front\n", tag,
            row.mean->value, exact_number((begin + end) / 2));
    }
    ++tag;
  }
  return script;
}

std::string idle_lines(const Recording& recording, int channel) {
  const IdleLevels levels = idle_levels(recording, channel);
  std::string script;
  int tag = 900;
  for (const Window& window : recording.windows) {
    const std::optional<Watts> level = window.before ? levels.before : levels.after;
    if (!level) continue;
    script += fmt::format(
        "set arrow {} from {}, {} to {}, {} nohead lw 3 lc rgb '#009e73' front\n", tag++,
        exact_number(to_seconds(window.begin - recording.start).value), exact_number(level->value),
        exact_number(to_seconds(window.end - recording.start).value), exact_number(level->value));
  }
  return script;
}

std::string level_text(const char* name, const std::optional<Watts>& level) {
  return level ? fmt::format("idle {} {:.1f} W", name, level->value)
               : fmt::format("idle {} not watched", name);
}

std::string why_no_power(const Recording& recording) {
  std::string message = "No power was measured.";
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::refusal) message += " " + note.text + ".";
  return message;
}

}  // namespace

Figure power_figure(const Recording& recording, std::span<const EnergyRow> energy) {
  const std::string name = "power-consumption";
  const std::string title = "power consumption";
  if (recording.channels.empty()) return message_figure(recording, name, title, why_no_power(recording));
  const Channel& channel = recording.channels.front();
  const PowerSource& source = recording.sources[static_cast<std::size_t>(channel.source)];
  const std::vector<Point> points = curve(recording, 0);
  const bool any =
      std::any_of(points.begin(), points.end(), [](const Point& point) { return !std::isnan(point.watts); });
  if (!any)
    return message_figure(recording, name, title,
                          "No reading of " + source.name + " has watts: see the warnings of perfwatt show.");
  const IdleLevels levels = idle_levels(recording, 0);
  Figure figure{name, "", data_of(decimated(points))};
  figure.script =
      heading(recording, title + (source.simulated ? " (SIMULATED)" : ""),
              fmt::format("{} {}, {} · {}, {}", shown_name(source), source.address, channel.scope,
                          level_text("before", levels.before), level_text("after", levels.after)));
  if (source.simulated)
    figure.script +=
        "set label 906 'SIMULATED' at graph 0.5, graph 0.5 center rotate by 20 font ',60' textcolor rgb "
        "'#dddddd' back\n";
  figure.script += shade(recording, energy, channel) + idle_lines(recording, 0);
  figure.script += fmt::format(
      "set xlabel 'time (s)'\nset ylabel 'power (W)'\nset yrange [0:*]\nset offsets 0, 0, graph 0.08, 0\n"
      "set grid ytics lc rgb '#dddddd'\nset xrange [0:{}]\n"
      "plot '{}.csv' using 1:2 skip 1 with lines lw 1.6 lc rgb '#0072b2' title 'power', \\\n"
      "  NaN with lines lw 3 lc rgb '#d55e00' title 'mean of an execution', NaN with lines lw 3 lc rgb "
      "'#009e73' title 'idle'\n",
      exact_number(points.back().time), name);
  return figure;
}

}  // namespace pw
