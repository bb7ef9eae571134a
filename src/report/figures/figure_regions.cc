// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time and the energy went: a bar for each of the regions that took most.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "report/drawing/figure.h"
#include "report/figures/region_labels.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kMostBars = 30;
constexpr int kBarHeight = 22, kAround = 170;
constexpr double kBesideLabels = 40, kColumn = 7.4;  // of 1000: beside the labels, and a column of one

struct RegionBar {
  std::string label;
  double value = 0;
  std::optional<double> half_width;
};

struct RegionChart {
  std::string name, title, unit;
  std::string what;  // of the subtitle: "without the regions within"
  std::vector<RegionBar> bars;
};

std::string bars_data(const RegionChart& chart) {
  std::string data = "place,value,half_width\n";
  for (std::size_t i = 0; i < chart.bars.size(); ++i)
    data += fmt::format("{},{},{}\n", i + 1, exact_number(chart.bars[i].value),
                        chart.bars[i].half_width ? exact_number(*chart.bars[i].half_width) : "");
  return data;
}

// And the room that they take on the left.
std::string tics_of(const RegionChart& chart) {
  std::string tics;
  std::size_t widest = 0;
  for (const RegionBar& one : chart.bars) widest = std::max(widest, columns(one.label));
  for (std::size_t i = 0; i < chart.bars.size(); ++i)
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_quoted(chart.bars[i].label), i + 1);
  return fmt::format("set ytics noenhanced ({})\nset lmargin at screen {:.3f}\n", tics,
                     (kBesideLabels + kColumn * static_cast<double>(widest)) / 1000);
}

Figure chart_figure(const Recording& recording, RegionChart chart) {
  if (chart.bars.empty()) return absent_figure(chart.name, "no region has a value");
  std::ranges::stable_sort(chart.bars, std::ranges::greater{}, &RegionBar::value);
  const std::size_t all = chart.bars.size();
  chart.bars.resize(std::min(all, kMostBars));
  double most = 0;
  for (const RegionBar& one : chart.bars) most = std::max(most, one.value + one.half_width.value_or(0));
  const FigureScale scale = scale_of(most, chart.unit);
  const int height = std::max(kUsualHeight / 2, kAround + kBarHeight * static_cast<int>(chart.bars.size()));
  const std::string count = chart.bars.size() < all ? fmt::format("{} of {} regions", chart.bars.size(), all)
                                                    : plural(all, "region");
  Figure figure{chart.name,
                heading(caption_of(recording, chart.title,
                                   fmt::format("{}, {}; means of a test, with their 95 % intervals", count,
                                               chart.what)),
                        height),
                {{"", bars_data(chart)}}};
  figure.height = height;
  figure.script += fmt::format(
      "set xlabel {} noenhanced\nset xrange [0:{}]\nset yrange [{}.7:0.3]\n{}set style fill solid 1.0 "
      "noborder\nfactor = {}\n"
      "plot file1 using ($2/factor/2):1:($2/factor/2):(0.36) skip 1 with boxxyerror lc rgb '{}' notitle, \\\n"
      "  file1 using (($2-$3)/factor):1:(2*$3/factor):(0) skip 1 with vectors heads size screen 0.004,90 lc "
      "rgb '#222222' lw 1.5 notitle\n",
      gnuplot_quoted(scale.words), gnuplot_real(1.06 * std::max(most, 1e-12) / scale.factor),
      chart.bars.size(), tics_of(chart), gnuplot_real(scale.factor), kPaleBlue);
  return figure;
}

RegionChart time_chart(const RegionAnalysis& regions) {
  RegionChart chart{"regions-time", "time of regions", "s", "without the regions within", {}};
  for (const RegionRow& row : regions.rows)
    if (row.own->mean > 0) chart.bars.push_back({short_path(row.path), row.own->mean, row.own->half_width});
  return chart;
}

// What has no regions within: of others the energy is that of these.
bool is_leaf(const RegionAnalysis& regions, std::size_t row) {
  return row + 1 == regions.rows.size() || regions.rows[row + 1].depth <= regions.rows[row].depth;
}

RegionChart energy_chart(const RegionAnalysis& regions, const std::string& channel) {
  RegionChart chart{
      "regions-energy", "energy of regions", "J", "of those without others within, on " + channel, {}};
  for (std::size_t i = 0; i < regions.rows.size(); ++i) {
    const RegionRow& row = regions.rows[i];
    if (row.joules && is_leaf(regions, i))
      chart.bars.push_back({short_path(row.path), *row.joules, row.joules_half_width});
  }
  return chart;
}

RegionChart event_chart(const Recording& recording, const RegionAnalysis& regions,
                        const RegionEvent& counted) {
  const Event& event = recording.events[static_cast<std::size_t>(counted.event)];
  const double factor = event.unit == "ns" ? 1e-9 : 1;
  RegionChart chart{("regions-" + file_name(event.label())).substr(0, kMostName),
                    printable(event.label()) + " of regions",
                    event.unit == "ns" ? "s" : event.unit,
                    "without the regions within",
                    {}};
  for (const RegionRow& row : regions.rows)
    for (const RegionEvent& one : row.counts) {
      if (one.event != counted.event || !one.own || one.own->mean <= 0) continue;
      std::optional<double> half = one.own->half_width;
      if (half) *half *= factor;
      chart.bars.push_back({short_path(row.path), factor * one.own->mean, half});
    }
  return chart;
}

// Why none is told.
std::string untold(const RegionAnalysis& regions) {
  const ChannelRegions& first = regions.energy.front();
  if (!first.reason.empty()) return first.reason;
  const auto reason =
      std::ranges::find_if(first.regions, [](const RegionJoules& one) { return !one.reason.empty(); });
  return reason == first.regions.end() ? "no region ran between two readings" : reason->reason;
}

}  // namespace

std::vector<Figure> regions_figures(const FigureInput& input) {
  const RegionAnalysis& regions = input.analysis.regions;
  if (regions.rows.empty()) return {};
  std::vector<Figure> figures = {chart_figure(input.recording, time_chart(regions))};
  for (const RegionEvent& one : regions.rows.front().counts)
    figures.push_back(chart_figure(input.recording, event_chart(input.recording, regions, one)));
  if (regions.energy.empty()) return figures;
  const ChannelRegions* told = told_channel(regions.energy);
  if (!told) {
    figures.push_back(absent_figure("regions-energy", untold(regions)));
    return figures;
  }
  const Channel& channel = input.recording.channels[told->channel];
  figures.push_back(chart_figure(
      input.recording,
      energy_chart(regions, shown_name(source_of(input.recording, channel)) + "/" + channel.name)));
  return figures;
}

}  // namespace pw
