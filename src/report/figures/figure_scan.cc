// SPDX-License-Identifier: GPL-3.0-or-later
// Variants over a parameter whose values are numbers: a line for each combination of the others.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "model/main_channel.h"
#include "report/drawing/figure.h"
#include "report/figures/scan_axes.h"

namespace pw {
namespace {

constexpr std::size_t kMostLines = 8;
constexpr const char* kLineColours[kMostLines] = {"#0072b2", "#d55e00", "#009e73", "#5a5a5a",
                                                  "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

// What is drawn of a variant; nothing where it has no value.
using ScanValue = std::optional<ScanPoint> (*)(const Recording& view, const Analysis& one);

ScanPoint scan_point(const Statistics& value, double items) {
  ScanPoint point{0, value.mean / items, {}};
  if (value.half_width) point.half_width = *value.half_width / items;
  return point;
}

std::optional<ScanPoint> elapsed_point(const Recording&, const Analysis& one) {
  const auto& value = one.run.elapsed.value;
  return value ? std::optional(scan_point(*value, 1)) : std::nullopt;
}

std::optional<ScanPoint> energy_point(const Recording& view, const Analysis& one) {
  const auto channel = main_channel(view);
  if (!channel) return std::nullopt;
  const auto& value = one.power.channels[*channel].values.net.value;
  return value ? std::optional(scan_point(*value, view.experiment.items.value_or(1))) : std::nullopt;
}

// Whose values are all numbers, two or more.
std::vector<std::size_t> numeric_parameters(const std::vector<Variant>& variants) {
  std::vector<std::size_t> found;
  for (std::size_t k = 0; k < variants.front().values.size(); ++k) {
    std::set<double> values;
    const bool numbers = std::ranges::all_of(variants, [&](const Variant& one) {
      const auto number = parse_number(one.values[k].value);
      if (number) values.insert(*number);
      return number.has_value();
    });
    if (numbers && values.size() > 1) found.push_back(k);
  }
  return found;
}

std::string other_label(const Variant& variant, std::size_t parameter) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < variant.values.size(); ++k)
    if (k != parameter) parts.push_back(variant.values[k].key + "=" + variant.values[k].value);
  return join(parts, " ");
}

std::vector<ScanLine> scan_lines(const FigureInput& input, std::size_t parameter, ScanValue value) {
  std::vector<ScanLine> lines;
  for_each_variant(input.recording, input.analysis,
                   [&](const Recording& view, const Analysis& one, std::size_t i) {
                     const Variant& variant = input.recording.experiment.variants[i];
                     std::optional<ScanPoint> point = value(view, one);
                     if (!point) return;
                     point->x = *parse_number(variant.values[parameter].value);
                     const std::string label = other_label(variant, parameter);
                     auto line = std::ranges::find(lines, label, &ScanLine::label);
                     if (line == lines.end()) line = lines.insert(line, {label, {}});
                     line->points.push_back(*point);
                   });
  for (ScanLine& line : lines) std::ranges::sort(line.points, {}, &ScanPoint::x);
  return lines;
}

std::string scan_data(const std::vector<ScanLine>& lines) {
  std::string data = "line,value,mean,ci95_low,ci95_high,label\n";
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (const ScanPoint& one : lines[i].points)
      data += fmt::format("{},{},{},{},{},{}\n", i, exact_number(one.x), exact_number(one.mean),
                          one.half_width ? exact_number(one.mean - *one.half_width) : "",
                          one.half_width ? exact_number(one.mean + *one.half_width) : "",
                          csv_field(printable(lines[i].label)));
  return data;
}

std::string scan_layers(const std::vector<ScanLine>& lines) {
  static constexpr int kPoints[kMostLines] = {7, 5, 9, 13, 11, 15, 6, 4};
  std::string plot;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string title =
        lines[i].label.empty() ? "notitle" : "title " + gnuplot_quoted(lines[i].label) + " noenhanced";
    plot += fmt::format(
        "{} file1 using ($1=={}?$2:NaN):($4/factor):(0):(($5-$4)/factor) skip 1 with vectors heads size "
        "screen "
        "0.004,90 lw 1.5 lc rgb '{}' notitle, \\\n"
        "  file1 using ($1=={}?$2:NaN):($3/factor) skip 1 with linespoints lw 2 pt {} dt {} lc rgb '{}' {}",
        i == 0 ? "plot" : ", \\\n ", i, kLineColours[i], i, kPoints[i], i + 1, kLineColours[i], title);
  }
  return plot + "\n";
}

struct Scan {
  std::string name, title, quantity, unit;
  ScanValue value;
};

Figure scan_figure(const FigureInput& input, std::size_t parameter, const Scan& scan) {
  const std::string& key = input.recording.experiment.variants.front().values[parameter].key;
  std::vector<ScanLine> lines = scan_lines(input, parameter, scan.value);
  if (lines.empty()) return absent_figure(scan.name, "no variant has a value");
  std::string subtitle = "means of the tests with their 95 % intervals";
  if (lines.size() > kMostLines) {
    subtitle += fmt::format(" · the first {} of {} lines", kMostLines, lines.size());
    lines.resize(kMostLines);
  }
  return {scan.name,
          heading(input.recording, scan.title + " over " + key, subtitle) +
              scan_axes(lines, key, scan.quantity, scan.unit) + scan_layers(lines),
          {{"", scan_data(lines)}}};
}

}  // namespace

std::vector<Figure> scan_figures(const FigureInput& input) {
  const std::vector<Variant>& variants = input.recording.experiment.variants;
  std::vector<Figure> figures;
  if (variants.empty()) return figures;
  const bool items = std::ranges::any_of(input.recording.executions,
                                         [](const Execution& one) { return one.items.has_value(); });
  const std::string energy = items ? "energy per item" : "energy";
  const std::vector<std::size_t> parameters = numeric_parameters(variants);
  for (const std::size_t parameter : parameters) {
    const std::string suffix =
        parameters.size() > 1 ? "-" + file_name(variants.front().values[parameter].key) : "";
    figures.push_back(scan_figure(
        input, parameter, {"scan-elapsed" + suffix, "time elapsed", "time elapsed", "s", elapsed_point}));
    if (!input.recording.channels.empty())
      figures.push_back(scan_figure(
          input, parameter,
          {"scan-" + file_name(energy) + suffix, "net " + energy, "net " + energy, "J", energy_point}));
  }
  return figures;
}

}  // namespace pw
