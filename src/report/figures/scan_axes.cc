// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/scan_axes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "base/text.h"
#include "report/drawing/figure.h"

namespace pw {
namespace {

constexpr double kWideRange = 16;                       // from the least to the most: logarithms of 2
constexpr double kDigitWide = 0.009, kDigitsApart = 2;  // shares of the axis, digits

struct ScanBounds {
  double least, most;          // of the parameter
  double bottom = 0, top = 0;  // of the values, with their intervals
};

ScanBounds bounds_of(const std::vector<ScanLine>& lines) {
  ScanBounds all{lines.front().points.front().x, lines.front().points.front().x};
  for (const ScanLine& line : lines)
    for (const ScanPoint& one : line.points) {
      all.least = std::min(all.least, one.x), all.most = std::max(all.most, one.x);
      all.bottom = std::min(all.bottom, one.mean - one.half_width.value_or(0));
      all.top = std::max(all.top, one.mean + one.half_width.value_or(0));
    }
  return all;
}

bool logarithmic(const ScanBounds& all) { return all.least > 0 && all.most >= kWideRange * all.least; }

// Where on the axis, from 0 to 1.
double place_of(double x, const ScanBounds& all) {
  if (all.most <= all.least) return 0;
  if (logarithmic(all)) return std::log(x / all.least) / std::log(all.most / all.least);
  return (x - all.least) / (all.most - all.least);
}

bool have_room(double one, double next, const ScanBounds& all) {
  const double digits = static_cast<double>(exact_number(one).size() + exact_number(next).size()) / 2;
  return place_of(next, all) - place_of(one, all) >= kDigitWide * (digits + kDigitsApart);
}

// The least and the most, and of those between what stands clear of its neighbours.
std::vector<double> shown_values(const std::vector<ScanLine>& lines, const ScanBounds& all) {
  std::set<double> values;
  for (const ScanLine& line : lines)
    for (const ScanPoint& one : line.points) values.insert(one.x);
  std::vector<double> shown = {all.least};
  for (const double value : values)
    if (have_room(shown.back(), value, all) && (value == all.most || have_room(value, all.most, all)))
      shown.push_back(value);
  return shown;
}

std::string scan_ticks(const std::vector<ScanLine>& lines, const ScanBounds& all) {
  std::vector<std::string> ticks;
  for (const double value : shown_values(lines, all))
    ticks.push_back(fmt::format("'{0}' {0}", exact_number(value)));
  return "set xtics (" + join(ticks, ", ") + ")\n";
}

struct ScanScale {
  double factor;
  std::string_view prefix;
};

// Of seconds without those above one.
ScanScale prefix_of(double most, std::string_view unit) {
  static constexpr ScanScale kPrefixes[] = {{1e9, "G"}, {1e6, "M"},  {1e3, "k"},
                                            {1, ""},    {1e-3, "m"}, {1e-6, "µ"}};
  for (const ScanScale& one : kPrefixes)
    if (most >= one.factor && (unit != "s" || one.factor <= 1)) return one;
  return {1e-9, "n"};
}

}  // namespace

std::string scan_axes(const std::vector<ScanLine>& lines, const std::string& name,
                      const std::string& quantity, const std::string& unit) {
  const ScanBounds all = bounds_of(lines);
  const bool logs = logarithmic(all);
  const double margin = all.most > all.least ? 0.04 * (all.most - all.least) : 1;
  const ScanScale scale = prefix_of(std::max(all.top, -all.bottom), unit);
  return fmt::format(
      "{}set xlabel {} noenhanced\nset ylabel '{} ({}{})'\n{}set xrange [{}:{}]\nset yrange [{}:{}]\nfactor "
      "= "
      "{}\n",
      scan_ticks(lines, all), gnuplot_quoted(name), quantity, scale.prefix, unit,
      logs ? "set logscale x 2\n" : "", exact_number(logs ? all.least / 1.1 : all.least - margin),
      exact_number(logs ? all.most * 1.1 : all.most + margin), exact_number(1.14 * all.bottom / scale.factor),
      exact_number(all.top > all.bottom ? 1.14 * all.top / scale.factor : 1), gnuplot_real(scale.factor));
}

}  // namespace pw
