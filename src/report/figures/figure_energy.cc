// SPDX-License-Identifier: GPL-3.0-or-later
// The energy of each test, and what of it is above idle.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.h"
#include "model/main_channel.h"
#include "report/drawing/figure.h"
#include "report/figures/bars.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

const std::string kEnergy = "energy-per-test";

std::map<int, double> by_test(const Measurand& one) {
  std::map<int, double> values;
  for (const TestValue& test : one.series.tests) values[test.test] = test.value;
  return values;
}

std::string number_at(const std::map<int, double>& values, int test) {
  const auto at = values.find(test);
  return at == values.end() ? "" : exact_number(at->second);
}

struct EnergyBars {
  std::string data = "test,gross_j,net_j,uncertainty_j,top_j\n";
  double least = 0, most = 0;
};

EnergyBars bars_of(const ChannelValues& values) {
  EnergyBars bars;
  const auto net = by_test(values.net), error = by_test(values.gross_error);
  for (const TestValue& test : values.gross.series.tests) {
    const auto off = error.find(test.test);
    const double half = off == error.end() ? 0 : off->second, top = test.value + half;
    const auto above = net.find(test.test);
    const double highest = std::max(top, above == net.end() ? top : above->second);
    bars.most = std::max(bars.most, highest);
    bars.least = std::min({bars.least, test.value - half, above == net.end() ? 0 : above->second});
    bars.data += fmt::format("{},{},{},{},{}\n", test.test, exact_number(test.value),
                             number_at(net, test.test), number_at(error, test.test), exact_number(highest));
  }
  return bars;
}

std::string mean_text(const char* name, const Measurand& one) {
  if (!one.value) return fmt::format("{} unknown", name);
  return fmt::format("{} {} {}", name, amount(one.value->mean, "J"), interval(*one.value));
}

std::string energy_subtitle(const Recording& recording, const Channel& channel, const ChannelValues& values) {
  const PowerSource& source = source_of(recording, channel);
  return fmt::format("{} {}, {} · mean {}, {} (95 %)", shown_name(source), channel.name, channel.scope,
                     mean_text("gross", values.gross), mean_text("net of idle", values.net));
}

std::string energy_layers(const ChannelValues& values, int last) {
  std::string plot =
      fmt::format("plot file1 using 1:($2/factor) skip 1 with boxes lc rgb '{}' title 'gross'", kPaleBlue);
  if (!values.net.series.tests.empty())
    plot += fmt::format(
        ", \\\n  file1 using 1:($3/factor):(0.4) skip 1 with boxes fs pattern 4 border lc rgb '{0}' lc rgb "
        "'{0}' title 'net of idle'",
        kBlue);
  if (!values.gross_error.series.tests.empty()) plot += upright_errors("$2", "$4", "± 95 % of one execution");
  return plot + value_labels("file1 using 1:($5/factor):(sprintf('%.4g', $2/factor)) skip 1", last) + "\n";
}

Figure energy_figure(const FigureInput& input, std::size_t index) {
  const Recording& recording = input.recording;
  const Channel& channel = recording.channels[index];
  const ChannelValues& values = input.analysis.power.channels[index].values;
  if (values.gross.series.tests.empty()) return absent_figure(kEnergy, values.gross.reason);
  const EnergyBars bars = bars_of(values);
  const FigureScale scale = scale_of(bars.most, "J");
  const int last = last_test(recording, values.gross.series);
  const double top = bars.most > 0 ? label_headroom(last) * bars.most / scale.factor : 1;
  const bool simulated = source_of(recording, channel).simulated;
  return {kEnergy,
          heading(recording, simulated ? "energy per test (SIMULATED)" : "energy per test",
                  energy_subtitle(recording, channel, values)) +
              test_axes(last, fmt::format("energy of an execution ({})", scale.words)) +
              y_range(bars.least / scale.factor, top) +
              fmt::format("factor = {}\n", gnuplot_real(scale.factor)) + energy_layers(values, last),
          {{"", bars.data}}};
}

}  // namespace

std::vector<Figure> energy_figures(const FigureInput& input) {
  std::vector<Figure> figures;
  if (power_alone(input.recording.experiment)) return figures;
  for (std::size_t i = 0; i < input.recording.channels.size(); ++i)
    if (told_in_full(input.recording, i)) figures.push_back(energy_figure(input, i));
  if (!figures.empty()) figures.front().keeps_name = true;
  return figures;
}

}  // namespace pw
