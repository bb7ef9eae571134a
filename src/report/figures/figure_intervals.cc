// SPDX-License-Identifier: GPL-3.0-or-later
// Of a run with --interval: how fast each event came in the course of an execution.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "analyze/series/series.h"
#include "base/text.h"
#include "report/drawing/figure.h"

namespace pw {
namespace {

constexpr std::size_t kMostPoints = 6000;  // of a figure: of more readings as many in a row become one
constexpr std::array kColours = {kBlue, kOrange, kGreen, kGrey};
constexpr int kMostMarked = kColours.size();  // curves with a marker, a dash and a name each

struct Rates {
  std::string data = "seconds,per_second,curve\n";
  double least = 0, most = 0;
  std::vector<std::string> curves;  // names
  std::size_t points = 0;
};

std::vector<const IntervalReading*> readings_of(const Execution& execution, int event) {
  std::vector<const IntervalReading*> readings;
  for (const IntervalReading& one : execution.intervals)
    if (one.reading.event == event) readings.push_back(&one);
  return readings;
}

// A curve of an execution: an empty line ends it.
void add_curve(Rates& rates, const Recording& recording, const Execution& execution, int event,
               std::size_t stride) {
  const Event& of = recording.events[static_cast<std::size_t>(event)];
  const double unit = of.unit == "ns" ? 1e-9 : 1;
  const std::vector<const IntervalReading*> readings = readings_of(execution, event);
  if (readings.empty()) return;
  Reading before;
  before.event = event;
  Nanoseconds from = execution.begin + to_nanoseconds(recording.experiment.delay.value_or(Seconds{0}));
  const std::size_t number = rates.curves.size() + 1;
  for (std::size_t i = std::min(stride, readings.size()) - 1; i < readings.size(); i += stride) {
    const Seconds span = to_seconds(readings[i]->time - from);
    const auto amount = amount_of(of, difference(before, readings[i]->reading));
    const double middle = to_seconds(from - execution.begin).value + span.value / 2;
    const double rate = amount && span.value > 0 ? unit * *amount / span.value : NAN;
    if (std::isfinite(rate)) {
      rates.least = std::min(rates.least, rate);
      rates.most = std::max(rates.most, rate);
      ++rates.points;
      rates.data += fmt::format("{:.6f},{:.7g},{}\n", middle, rate, number);
    }
    before = readings[i]->reading;
    from = readings[i]->time;
  }
  rates.data += "\n";
  rates.curves.push_back(recording.passes.size() > 1
                             ? fmt::format("test {}, pass {}", execution.test, execution.pass)
                             : fmt::format("test {}", execution.test));
}

Rates rates_of(const Recording& recording, int event) {
  std::size_t count = 0;
  const auto executions = counted_executions(recording);
  for (const Execution* one : executions)
    count += static_cast<std::size_t>(std::ranges::count(
        one->intervals, event, [](const IntervalReading& each) { return each.reading.event; }));
  Rates rates;
  for (const Execution* one : executions) add_curve(rates, recording, *one, event, count / kMostPoints + 1);
  return rates;
}

// A marker and a name each where they are few, else from pale (the first) to dark (the last).
std::string curve_layers(const Rates& rates) {
  const auto count = static_cast<int>(rates.curves.size());
  std::string plot;
  const auto of = [](int curve) {
    return fmt::format("file1 using 1:($3 == {} ? $2/factor : NaN) skip 1", curve);
  };
  if (count <= kMostMarked) {
    for (int i = 1; i <= count; ++i)
      plot += fmt::format("{}{} with linespoints dt {} pt {} ps 0.6 lw 1.5 lc rgb '{}' title {}",
                          i == 1 ? "" : ", \\\n  ", of(i), i, 2 * i + 2,
                          kColours[static_cast<std::size_t>(i - 1)],
                          gnuplot_quoted(rates.curves[static_cast<std::size_t>(i - 1)]));
    return plot;
  }
  const auto shade = [&](int curve) {
    const double dark = static_cast<double>(curve - 1) / (count - 1);
    const auto mixed = [dark](int pale, int deep) { return static_cast<int>(pale + dark * (deep - pale)); };
    return fmt::format("#{:02x}{:02x}{:02x}", mixed(0xb4, 0x00), mixed(0xd2, 0x2a), mixed(0xea, 0x52));
  };
  plot = fmt::format(
      "shade(curve) = 65536*int(180-180*(curve-1)/{0}) + 256*int(210-168*(curve-1)/{0}) + "
      "int(234-152*(curve-1)/{0})\n",
      count - 1.0);
  plot += "plot file1 using 1:($2/factor):(shade($3)) skip 1 with lines lw 1.2 lc rgb variable notitle";
  for (const int one : {1, count})
    plot += fmt::format(", \\\n  NaN with lines lw 2 lc rgb '{}' title {}", shade(one),
                        gnuplot_quoted(rates.curves[static_cast<std::size_t>(one - 1)]));
  return plot;
}

Figure interval_figure(const FigureInput& input, int event) {
  const Recording& recording = input.recording;
  const Event& of = recording.events[static_cast<std::size_t>(event)];
  const std::string name = file_name(of.label()).substr(0, kMostName - 10) + "-over-time";
  const Rates rates = rates_of(recording, event);
  if (rates.points == 0)
    return absent_figure(name, input.analysis.run.counters[static_cast<std::size_t>(event)].value
                                   ? "no reading on the way"
                                   : why_uncounted(recording, event));
  const bool time = of.unit == "ns";
  const FigureScale scale = scale_of(rates.most, "");
  const std::string per = (time ? "seconds" : axis_name(of.label(), "events")) + " per second" +
                          (scale.words.empty() ? "" : " (" + scale.words + ")");
  std::string script =
      heading(recording, of.label() + " over time",
              fmt::format("read every {} s of an execution; each point stands in the middle of its interval",
                          exact_number(recording.experiment.interval.value_or(Seconds{0}).value)));
  script += fmt::format(
      "set xlabel 'time since the begin of the execution (s)'\nset ylabel {} noenhanced\nset xrange [0:*]\n"
      "factor = {}\n{}",
      gnuplot_quoted(per), gnuplot_real(scale.factor),
      y_range(rates.least / scale.factor, rates.most > 0 ? 1.08 * rates.most / scale.factor : 1));
  const std::string layers = curve_layers(rates);
  script += (layers.starts_with("shade") ? "" : "plot ") + layers + "\n";
  return {name, script, {{"", rates.data}}};
}

}  // namespace

std::vector<Figure> intervals_figures(const FigureInput& input) {
  std::vector<Figure> figures;
  if (!input.recording.experiment.interval || power_alone(input.recording.experiment)) return figures;
  for (std::size_t i = 0; i < input.recording.events.size(); ++i)
    figures.push_back(interval_figure(input, static_cast<int>(i)));
  return figures;
}

}  // namespace pw
