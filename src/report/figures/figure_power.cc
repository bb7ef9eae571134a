// SPDX-License-Identifier: GPL-3.0-or-later
// Watts over time, each test shaded and marked with its mean, the idle levels before and after.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "analyze/power/idle.h"
#include "base/text.h"
#include "report/drawing/figure.h"
#include "report/figures/power_data.h"
#include "report/figures/power_labels.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kDotted = 250;  // readings that are few enough to be dots
constexpr double kUnderLabels = 0.8;  // of the height: how far the curve may reach

std::map<int, TestSpan> test_spans(const Recording& recording, std::span<const EnergyRow> rows) {
  std::map<std::pair<int, int>, double> means;
  for (const EnergyRow& row : rows)
    if (row.mean) means[{row.test, row.pass}] = row.mean->value;
  std::map<int, TestSpan> spans;
  for (const Execution& one : recording.executions) {
    const double begin = to_seconds(one.begin - recording.start).value;
    const double end = to_seconds(one.end - recording.start).value;
    TestSpan& span = spans.try_emplace(one.test, TestSpan{begin, end}).first->second;
    span.end = std::max(span.end, end);
    const auto mean = means.find({one.test, one.pass});
    if (!one.of_test() || one.failed() || mean == means.end()) continue;
    span.watts += mean->second;
    ++span.count;
  }
  return spans;
}

std::string idle_lines(const Recording& recording, const IdleLevels& levels) {
  std::string script;
  int tag = 1;
  for (const Window& window : recording.windows) {
    const std::optional<IdleLevel>& level = window.before ? levels.before : levels.after;
    if (!level) continue;
    const std::string watts = exact_number(level->level.value);
    script += fmt::format("set arrow {} from {}, {} to {}, {} nohead lw 3 dt (6,3) lc rgb '{}' front\n",
                          tag++, exact_number(to_seconds(window.begin - recording.start).value), watts,
                          exact_number(to_seconds(window.end - recording.start).value), watts, kGreen);
  }
  return script;
}

std::string level_text(const char* name, const std::optional<IdleLevel>& level) {
  return level ? fmt::format("idle {} {:.1f} W", name, level->level.value)
               : fmt::format("idle {} unknown", name);
}

// What a channel measures, with its name where another of its source measures that, too.
std::string shown_scope(const Recording& recording, const Channel& channel) {
  const auto alike = std::ranges::count_if(recording.channels, [&](const Channel& other) {
    return other.source == channel.source && other.scope == channel.scope;
  });
  return alike > 1 ? channel.name + ", " + channel.scope : channel.scope;
}

std::string levels_text(const IdleLevels& levels) {
  std::string text =
      fmt::format("{}, {}", level_text("before", levels.before), level_text("after", levels.after));
  if (const auto drift = levels.drift()) text += fmt::format(", drift {:+.1f} %", 100 * *drift);
  return text;
}

// Of power alone.
std::string whole_text(const ChannelValues& values) {
  if (!values.mean.value || !values.gross.value) return values.gross.reason;
  return fmt::format("mean {}, {} in all", amount(values.mean.value->mean, "W"),
                     amount(values.gross.value->mean, "J"));
}

std::string power_subtitle(const Recording& recording, const Channel& channel, const ChannelAnalysis& known) {
  const PowerSource& source = source_of(recording, channel);
  return fmt::format("{} {}, {} · {}", shown_name(source), source.address, shown_scope(recording, channel),
                     power_alone(recording.experiment) ? whole_text(known.values) : levels_text(known.idle));
}

// One shade for the warm-ups, two for the tests in turn.
std::string shades(double bottom, double top) {
  return fmt::format(
      "shade(test) = test == 0 ? 0xf2f2f2 : int(test) % 2 ? 0xe3eef7 : 0xd3e4f1\n"
      "plot file2 using (($3+$4)/2):({0}):3:4:({1}):({0}):(shade($1)) skip 1 with boxxyerror fs solid 1.0 "
      "noborder lc rgb variable notitle, \\\n  ",
      exact_number(top), exact_number(bottom));
}

std::string curve_layers(const PowerLine& line) {
  std::string script;
  if (line.decimated)
    script += fmt::format(
        "file1 using 1:3:4 skip 1 with filledcurves lc rgb '{}' fs transparent solid 0.45 "
        "noborder title 'least to most', \\\n  ",
        kPaleBlue);
  return script +
         fmt::format("file1 using 1:2 skip 1 with {} lc rgb '{}' title 'power'",
                     line.points.size() <= kDotted ? "linespoints pt 7 ps 0.3 lw 1.5" : "lines lw 1.5",
                     kBlue);
}

// Thick with ends, and thick in dashes.
std::string level_layers(bool means, bool idle) {
  std::string script;
  if (means)
    script = fmt::format(
        ", \\\n  file2 using 3:5:($4-$3):(0) skip 1 with vectors heads size screen 0.004,90 lw 2.5 lc rgb "
        "'{0}' title 'mean of an execution'",
        kOrange);
  if (idle) script += fmt::format(", \\\n  NaN with lines lw 3 dt (6,3) lc rgb '{}' title 'idle'", kGreen);
  return script;
}

std::string failed_layer(double bottom, double top) {
  return fmt::format(
      ", \\\n  file3 using 1:({}) skip 1 with points pt 2 ps 0.7 lw 1.5 lc rgb '#b00020' title 'reading "
      "failed'",
      exact_number(bottom + 0.02 * (top - bottom)));
}

double least_of(const PowerLine& line) {
  double least = 0;
  for (const PowerPoint& point : line.points)
    if (point.least < least) least = point.least;  // NaN is not
  return least;
}

Figure drawn(const Recording& recording, const ChannelAnalysis& known, Figure figure) {
  const PowerLine& line = known.line;
  const bool alone = power_alone(recording.experiment);
  const std::map<int, TestSpan> spans =
      alone ? std::map<int, TestSpan>{} : test_spans(recording, known.energy);
  double last = line.points.back().time;
  if (!spans.empty()) last = std::max(last, spans.rbegin()->second.end);
  for (const Window& window : recording.windows)
    last = std::max(last, to_seconds(window.end - recording.start).value);
  const double least = least_of(line),
               top = line.most > least ? least + (line.most - least) / kUnderLabels : 1;
  figure.data = {{"", csv_of(line)}, {"-tests", executions_csv(recording, known.energy)}};
  if (!line.failed.empty()) figure.data.push_back({"-failed", failed_csv(line)});
  figure.script += test_labels(spans, last) + idle_lines(recording, known.idle);
  figure.script += fmt::format("set xlabel 'time (s)'\nset ylabel 'power (W)'\nset xrange [0:{}]\n{}",
                               exact_number(last > 0 ? last : 1), y_range(least, top));
  if (line.decimated)
    figure.script +=
        "# More readings than columns: each point is the mean of its column, the band its least and most.\n";
  figure.script += alone ? "plot " : shades(least < 0 ? 2 * least : 0, top);
  figure.script += curve_layers(line);
  const bool means = std::ranges::any_of(spans, [](const auto& one) { return one.second.count > 0; });
  if (!alone) figure.script += level_layers(means, known.idle.before || known.idle.after);
  if (!line.failed.empty()) figure.script += failed_layer(least, top);
  figure.script += "\n";
  return figure;
}

const std::string kName = "power-consumption";

Figure power_figure(const FigureInput& input, std::size_t index) {
  const Recording& recording = input.recording;
  const Channel& channel = recording.channels[index];
  const ChannelAnalysis& known = input.analysis.power.channels[index];
  const PowerSource& source = source_of(recording, channel);
  const std::string title = source.simulated ? "power consumption (SIMULATED)" : "power consumption";
  if (known.line.points.empty())
    return absent_figure(kName, "no reading of " + shown_name(source) + " has a value");
  Figure figure{kName, heading(recording, title, power_subtitle(recording, channel, known)), {}};
  if (source.simulated)
    figure.script +=
        "set label 950 'SIMULATED' at graph 0.5, graph 0.4 center rotate by 15 font ',60' textcolor rgb "
        "'#c2c8cc' front\n";
  return drawn(recording, known, std::move(figure));
}

}  // namespace

std::vector<Figure> power_figures(const FigureInput& input) {
  const Recording& recording = input.recording;
  std::vector<Figure> figures;
  if (recording.channels.empty()) figures.push_back(absent_figure(kName, why_no_power(recording)));
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    figures.push_back(power_figure(input, i));
    if (i > 0) figures.back().name = fmt::format("{}-{}", kName, i + 1);
  }
  figures.front().keeps_name = true;
  return figures;
}

}  // namespace pw
