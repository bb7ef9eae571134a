// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/time_energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/main_channel.h"

namespace pw {
namespace {

const std::string kTimeEnergy = "time-against-energy";

std::string data_of(std::span<const TimeEnergy> points, const std::vector<bool>& front, int height) {
  const std::vector<std::string> beside = texts_beside(points, height);
  std::string data = "mark,seconds,seconds_off,joules,joules_off,on_front,beside_the_point,label\n";
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].absent.empty())
      data += fmt::format("{},{},{},{},{},{},{},{}\n", mark_of(i), exact_number(points[i].seconds),
                          exact_number(points[i].seconds_off.value_or(0)), exact_number(points[i].joules),
                          exact_number(points[i].joules_off.value_or(0)), front[i] ? 1 : 0,
                          csv_field(beside[i]), csv_field(printable(points[i].label)));
  return data;
}

std::string front_data(std::span<const TimeEnergy> points, const std::vector<bool>& front) {
  std::vector<std::pair<double, double>> corners;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (front[i]) corners.emplace_back(points[i].seconds, points[i].joules);
  std::ranges::sort(corners);
  std::string data = "seconds,joules\n";
  for (const auto& [seconds, joules] : corners)
    data += fmt::format("{},{}\n", exact_number(seconds), exact_number(joules));
  return data;
}

std::string meters_text(std::span<const TimeEnergy> points) {
  std::set<std::string> meters;
  for (const TimeEnergy& one : points)
    if (one.absent.empty()) meters.insert(one.meter);
  const std::string all = join(std::vector(meters.begin(), meters.end()), "; ");
  return meters.size() > 1 ? "energies of different meters, which need not agree: " + all : all;
}

std::string point_layers() {
  return fmt::format(
      "plot file2 using ($1/s):($2/j) skip 1 with steps dt 2 lw 1.5 lc rgb '{0}' notitle, \\\n"
      "  file1 using ($3 > 0 ? ($2-$3)/s : NaN):($4/j):(2*$3/s):(0) skip 1 {2}, \\\n"
      "  file1 using ($5 > 0 ? $2/s : NaN):(($4-$5)/j):(0):(2*$5/j) skip 1 {2}, \\\n"
      "  file1 using ($6 == 1 ? $2/s : NaN):($4/j) skip 1 with points pt 7 ps 1 lc rgb '{0}' notitle, \\\n"
      "  NaN with linespoints pt 7 ps 1 dt 2 lw 1.5 lc rgb '{0}' title 'Pareto front', \\\n"
      "  file1 using ($6 == 1 ? NaN : $2/s):($4/j) skip 1 with points pt 6 ps 1 lw 1.5 lc rgb '{1}' title "
      "'beaten by another', \\\n"
      "  file1 using ($2/s):($4/j):7 skip 1 with labels left offset 0.7,0.7 font ',11' notitle\n",
      kBlue, kOrange, "with vectors heads size screen 0.004,90 lw 1 lc rgb '#777777' notitle");
}

}  // namespace

TimeEnergy time_energy_of(const FigureInput& input, std::string label, bool per_item) {
  const Recording& recording = input.recording;
  TimeEnergy point;
  point.label = std::move(label);
  const Measurand& elapsed = input.analysis.run.elapsed;
  const auto channel = main_channel(recording);
  if (!elapsed.value || !channel) {
    point.absent = elapsed.value ? why_no_power(recording) : elapsed.reason;
    return point;
  }
  const Measurand& energy = input.analysis.power.channels[*channel].values.gross;
  const Channel& meter = recording.channels[*channel];
  const PowerSource& source = source_of(recording, meter);
  point.simulated = source.simulated;
  point.meter = fmt::format("{} {}, {}", shown_name(source), meter.name, meter.scope);
  if (!energy.value) {
    point.absent = energy.reason;
    return point;
  }
  const double items = per_item ? recording.experiment.items.value_or(1) : 1;
  point.seconds = elapsed.value->mean / items;
  point.joules = energy.value->mean / items;
  if (elapsed.value->half_width) point.seconds_off = *elapsed.value->half_width / items;
  if (energy.value->half_width) point.joules_off = *energy.value->half_width / items;
  return point;
}

bool has_items(const Recording& recording, const Analysis& analysis) {
  bool all = true;
  for_each_variant(recording, analysis, [&](const Recording& view, const Analysis&, std::size_t) {
    all = all && view.experiment.items.has_value();
  });
  return all;
}

void add_points(std::vector<TimeEnergy>& points, const FigureInput& input, const std::string& name,
                bool per_item) {
  const std::vector<Variant>& variants = input.recording.experiment.variants;
  for_each_variant(input.recording, input.analysis,
                   [&](const Recording& view, const Analysis& one, std::size_t i) {
                     std::string label = name;
                     if (!variants.empty()) label += (name.empty() ? "" : ", ") + variants[i].label;
                     points.push_back(time_energy_of({view, one}, std::move(label), per_item));
                   });
}

Figure variants_against_energy(const FigureInput& input) {
  const bool per_item = has_items(input.recording, input.analysis);
  std::vector<TimeEnergy> points;
  add_points(points, input, "", per_item);
  return time_energy_figure(points, per_item);
}

std::vector<bool> pareto_front(std::span<const TimeEnergy> points) {
  const auto beats = [](const TimeEnergy& one, const TimeEnergy& other) {
    return one.absent.empty() && one.seconds <= other.seconds && one.joules <= other.joules &&
           (one.seconds < other.seconds || one.joules < other.joules);
  };
  std::vector<bool> front;
  for (const TimeEnergy& point : points)
    front.push_back(point.absent.empty() && std::ranges::none_of(points, [&](const TimeEnergy& other) {
                      return beats(other, point);
                    }));
  return front;
}

Figure time_energy_figure(std::span<const TimeEnergy> points, bool per_item) {
  if (std::ranges::none_of(points, [](const TimeEnergy& one) { return one.absent.empty(); }))
    return absent_figure(kTimeEnergy, points.empty() ? "no recording" : points.front().absent);
  const std::vector<bool> front = pareto_front(points);
  const int height = height_for(points);
  const double seconds = most_seconds(points), joules = most_joules(points);
  const FigureScale time = scale_of(seconds, "s"), energy = scale_of(joules, "J");
  const bool simulated = std::ranges::any_of(points, &TimeEnergy::simulated);
  const char* of = per_item ? "an item" : "an execution";
  Figure figure;
  figure.name = kTimeEnergy;
  figure.height = height;
  figure.script = heading({simulated ? "time against energy (SIMULATED)" : "time against energy",
                           "means with their 95 % intervals; " + meters_text(points), "", "", ""},
                          height) +
                  list_of(points, front, height);
  figure.script += fmt::format(
      "set rmargin at screen {}\nset xlabel 'time of {} ({})'\nset ylabel 'energy of {} ({})'\ns = {}\nj = "
      "{}\n"
      "set xrange [0:{}]\nset yrange [0:{}]\nset grid xtics ytics lt 1 lw 0.5 lc rgb '#d8d8d8'\n",
      kPointsRight, of, time.words, of, energy.words, gnuplot_real(time.factor), gnuplot_real(energy.factor),
      exact_number(seconds / time.factor), exact_number(joules / energy.factor));
  figure.script += point_layers();
  figure.data = {{"", data_of(points, front, height)}, {"-front", front_data(points, front)}};
  return figure;
}

}  // namespace pw
