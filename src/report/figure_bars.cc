// SPDX-License-Identifier: GPL-3.0-or-later
// One bar per test: a counter, or the elapsed time.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/series.h"
#include "analyze/statistics.h"
#include "base/text.h"
#include "report/figure.h"
#include "report/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kLabelledTests = 40;

std::string file_name(std::string_view event) {
  std::string name;
  for (const char c : event) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool upper = c >= 'A' && c <= 'Z';
    name += plain ? c : upper ? static_cast<char>(c - 'A' + 'a') : '-';
  }
  return name;
}

// The power of 1000 that brings `most` to 1..1000, and its name.
std::pair<double, std::string> scale_for(double most, std::string_view unit) {
  if (unit == "s" && most >= 1) return {1, "s"};
  const std::string text = si(most, 4);
  const std::string prefix = text.substr(text.find(' ') + 1);
  const double power = std::abs(most) < 1e-300
                           ? 0
                           : std::clamp(std::floor(std::log10(std::abs(most) * 1.0000001) / 3), -3.0, 4.0);
  static constexpr const char* words[] = {"billionths", "millionths", "thousandths", "",
                                          "thousands",  "millions",   "billions",    "trillions"};
  const auto index = static_cast<std::size_t>(power + 3);
  return {std::pow(1000.0, power), unit.empty() ? words[index] : prefix + std::string(unit)};
}

Figure bars(const Recording& recording, const std::string& name, const std::string& title,
            const std::string& subtitle, const Series& series, std::string_view unit) {
  const Statistics all = *statistics(series.values());
  const auto [factor, unit_name] = scale_for(all.most, unit);
  Figure figure{name, "", "test,value,deviation_between_passes\n"};
  bool repeats = false;
  for (const TestValue& test : series.tests) {
    figure.data += fmt::format("{},{},{}\n", test.test, exact_number(test.value),
                               test.deviation ? exact_number(*test.deviation) : "");
    repeats = repeats || test.deviation.has_value();
  }
  std::string mean = fmt::format("mean {} {}", amount(all.mean, unit), interval(all));
  if (all.half_width) mean += " (95 %)";
  figure.script = heading(recording, title, subtitle.empty() ? mean : subtitle + " · " + mean);
  figure.script += fmt::format(
      "set xlabel 'test'\nset ylabel {} noenhanced\nset yrange [0:*]\nset offsets 0, 0, graph 0.05, 0\nset "
      "xrange [{}:{}]\nset boxwidth 0.7\n"
      "set style fill solid 1.0 noborder\nset grid ytics lc rgb '#dddddd'\n{}",
      gnuplot_quoted(unit_name.empty() ? "count"
                     : unit.empty()    ? unit_name
                                       : "time (" + unit_name + ")"),
      series.tests.front().test - 0.6, series.tests.back().test + 0.6,
      series.tests.size() <= kLabelledTests ? "set xtics 1\n" : "");
  const double half = all.half_width.value_or(0);
  figure.script += fmt::format(
      "low = {}\nhigh = {}\nmean = {}\nfactor = {}\n", exact_number((all.mean - half) / factor),
      exact_number((all.mean + half) / factor), exact_number(all.mean / factor), exact_number(factor));
  figure.script += fmt::format(
      "plot '{0}.csv' using 1:($2/factor) skip 1 with boxes lc rgb '#0072b2' notitle, \\\n", name);
  if (repeats)
    figure.script += fmt::format(
        "  '{0}.csv' using 1:($2/factor):($3/factor) skip 1 with yerrorbars lc rgb '#222222' pt 0 title "
        "'between passes', \\\n",
        name);
  figure.script += "  mean with lines lw 2 lc rgb '#d55e00' title 'mean'";
  if (all.half_width)
    figure.script +=
        ", \\\n  low with lines lw 1.5 dt 2 lc rgb '#d55e00' title '95 % interval', \\\n"
        "  high with lines lw 1.5 dt 2 lc rgb '#d55e00' notitle";
  figure.script += "\n";
  return figure;
}

std::string reason_for(const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  if (event.status != CountStatus::ok) return fmt::format("{}: {}", to_text(event.status), event.reason);
  for (const Execution* execution : counted_executions(recording))
    for (const Reading& reading : execution->readings)
      if (reading.event == index) return fmt::format("{}: {}", to_text(reading.status), reading.reason);
  return "not counted: no execution of a test has it";
}

std::string subtitle_for(const Event& event, const Series& series) {
  std::vector<std::string> parts;
  if (!event.hardware_event.empty()) parts.push_back(event.hardware_event);
  if (event.scope == Scope::user) parts.emplace_back("user mode only");
  if (event.scope == Scope::kernel) parts.emplace_back("kernel only");
  if (series.least_coverage < 1)
    parts.push_back(fmt::format("scaled, counted {:.0f} % of the time", 100 * series.least_coverage));
  return join(parts, ", ");
}

}  // namespace

Figure counter_figure(const Recording& recording, std::string_view name) {
  for (std::size_t i = 0; i < recording.events.size(); ++i) {
    const Event& event = recording.events[i];
    if (event.label() != name) continue;
    Series series = counter_series(recording, static_cast<int>(i));
    if (series.tests.empty())
      return message_figure(recording, file_name(name), event.label(),
                            "Not counted. " + reason_for(recording, static_cast<int>(i)));
    const bool nanoseconds = event.unit == "ns";
    for (TestValue& test : series.tests) {
      if (!nanoseconds) continue;
      test.value *= 1e-9;
      if (test.deviation) *test.deviation *= 1e-9;
    }
    return bars(recording, file_name(name), event.label(), subtitle_for(event, series), series,
                nanoseconds ? "s" : "");
  }
  return message_figure(recording, file_name(name), name, "Not counted: this run did not ask for it (-e).");
}

Figure time_figure(const Recording& recording) {
  const Series series = elapsed_series(recording);
  if (series.tests.empty())
    return message_figure(recording, "time-elapsed", "time elapsed", "No execution of a test ended well.");
  return bars(recording, "time-elapsed", "time elapsed", "", series, "s");
}

}  // namespace pw
