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
#include "report/figures/figure.h"
#include "report/figures/power_data.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kDotted = 250;       // readings that are few enough to be dots
constexpr std::size_t kMostLabelled = 16;  // tests that have number and mean above
constexpr double kHeadroom = 1.24;         // room for them over the curve

// Where the executions of a test stand, and the mean over those that count.
struct TestSpan {
  double begin, end;  // s
  double watts = 0;
  int count = 0;
};

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

std::string test_labels(const std::map<int, TestSpan>& spans, double whole) {
  std::string script;
  int tag = 10;
  for (const auto& [test, span] : spans) {
    if (test == 0 ? span.end - span.begin < 0.06 * whole : spans.size() > kMostLabelled + 1) continue;
    const std::string middle = exact_number((span.begin + span.end) / 2);
    script += fmt::format("set label {} '{}' at {}, graph 0.955 center font ',11' textcolor rgb '{}' front\n",
                          tag++, test == 0 ? "warm-up" : std::to_string(test), middle, kGrey);
    if (span.count > 0)
      script += fmt::format(
          "set label {} '{:.0f} W' at {}, graph 0.905 center font ',11' textcolor rgb '{}' front\n", tag++,
          span.watts / span.count, middle, kOrange);
  }
  return script;
}

std::string idle_lines(const Recording& recording, const IdleLevels& levels) {
  std::string script;
  int tag = 1;
  for (const Window& window : recording.windows) {
    const std::optional<IdleLevel>& level = window.before ? levels.before : levels.after;
    if (!level) continue;
    const std::string watts = exact_number(level->level.value);
    script += fmt::format("set arrow {} from {}, {} to {}, {} nohead lw 3 lc rgb '{}' front\n", tag++,
                          exact_number(to_seconds(window.begin - recording.start).value), watts,
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

std::string power_subtitle(const Recording& recording, const Channel& channel, const IdleLevels& levels) {
  const PowerSource& source = source_of(recording, channel);
  std::string text =
      fmt::format("{} {}, {} · {}, {}", shown_name(source), source.address, shown_scope(recording, channel),
                  level_text("before", levels.before), level_text("after", levels.after));
  if (const auto drift = levels.drift()) text += fmt::format(", drift {:+.1f} %", 100 * *drift);
  return text;
}

std::string power_layers(const PowerLine& line, double top) {
  std::string script;
  if (line.decimated)
    script +=
        "# More readings than columns: each point is the mean of its column, the band its least and most.\n";
  // One shade for the warm-ups, two for the tests in turn.
  script += "shade(test) = test == 0 ? 0xf2f2f2 : int(test) % 2 ? 0xe3eef7 : 0xd3e4f1\n";
  script += fmt::format(
      "plot file2 using (($3+$4)/2):({0}):3:4:(0):({0}):(shade($1)) skip 1 with boxxyerror fs solid 1.0 "
      "noborder "
      "lc rgb variable notitle",
      exact_number(top));
  if (line.decimated)
    script += fmt::format(
        ", \\\n  file1 using 1:3:4 skip 1 with filledcurves lc rgb '{}' fs transparent solid 0.45 "
        "noborder title 'least to most'",
        kPaleBlue);
  script +=
      fmt::format(", \\\n  file1 using 1:2 skip 1 with {} lc rgb '{}' title 'power'",
                  line.points.size() <= kDotted ? "linespoints pt 7 ps 0.3 lw 1.5" : "lines lw 1.5", kBlue);
  script += fmt::format(
      ", \\\n  file2 using 3:5:($4-$3):(0) skip 1 with vectors nohead lw 2.5 lc rgb '{}' notitle, \\\n"
      "  NaN with lines lw 2.5 lc rgb '{}' title 'mean of an execution', \\\n"
      "  NaN with lines lw 3 lc rgb '{}' title 'idle'",
      kOrange, kOrange, kGreen);
  if (!line.failed.empty())
    script +=
        ", \\\n  file3 using 1:(0):(0):(tick) skip 1 with vectors nohead lw 1.5 lc rgb '#b00020' title "
        "'reading failed'";
  return script + "\n";
}

Figure drawn(const Recording& recording, const ChannelAnalysis& known, Figure figure) {
  const PowerLine& line = known.line;
  const std::map<int, TestSpan> spans = test_spans(recording, known.energy);
  double last = line.points.back().time;
  if (!spans.empty()) last = std::max(last, spans.rbegin()->second.end);
  const double top = line.most > 0 ? kHeadroom * line.most : 1;
  figure.data = {{"", csv_of(line)}, {"-tests", executions_csv(recording, known.energy)}};
  if (!line.failed.empty()) figure.data.push_back({"-failed", failed_csv(line)});
  figure.script += test_labels(spans, last) + idle_lines(recording, known.idle);
  figure.script += fmt::format(
      "set xlabel 'time (s)'\nset ylabel 'power (W)'\nset yrange [0:{}]\nset xrange [0:{}]\ntick = {}\n",
      exact_number(top), exact_number(last), exact_number(0.03 * top));
  figure.script += power_layers(line, top);
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
    return message_figure(
        recording, kName, title,
        "No reading of " + shown_name(source) + " has a value: perfwatt show has its warnings.");
  Figure figure{kName, heading(recording, title, power_subtitle(recording, channel, known.idle)), {}};
  if (source.simulated)
    figure.script +=
        "set label 906 'SIMULATED' at graph 0.5, graph 0.4 center rotate by 15 font ',60' textcolor rgb "
        "'#c2c8cc' front\n";
  return drawn(recording, known, std::move(figure));
}

std::string no_power_message(const Recording& recording) {
  std::string message = "No power was measured.";
  bool refused = false;
  for (const Note& note : recording.notes) {
    if (note.kind != NoteKind::refusal) continue;
    message += " " + note.text + ".";
    refused = true;
  }
  return refused ? message : message + " This run did not ask for it (--power none).";
}

}  // namespace

std::vector<Figure> power_figures(const FigureInput& input) {
  const Recording& recording = input.recording;
  std::vector<Figure> figures;
  if (recording.channels.empty())
    figures.push_back(message_figure(recording, kName, "power consumption", no_power_message(recording)));
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    figures.push_back(power_figure(input, i));
    if (i > 0) figures.back().name = fmt::format("{}-{}", kName, i + 1);
  }
  figures.front().keeps_name = true;
  return figures;
}

}  // namespace pw
