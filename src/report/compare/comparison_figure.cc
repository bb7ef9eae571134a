// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/compare/comparison_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/text_width.h"
#include "report/compare/comparison_page.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kMostRows = 60, kMostShown = 58;
constexpr int kRowHeight = 24, kRowsFrom = 12;  // px; more rows make the picture higher
constexpr double kTextLeft = 0.715;             // of the width
constexpr double kManyTics = 30;
constexpr double kLinear = 2;  // ratios beyond that, or its inverse, stand on a log axis

struct Marker {
  CompareVerdict verdict;
  int point;  // gnuplot's
  std::string_view colour;
};
constexpr std::array<Marker, 6> kMarkers = {{{CompareVerdict::better, 7, kGreen},
                                             {CompareVerdict::worse, 5, kOrange},
                                             {CompareVerdict::changed, 13, kBlue},
                                             {CompareVerdict::differs, 9, kBlue},
                                             {CompareVerdict::same, 6, kGrey},
                                             {CompareVerdict::cannot_tell, 2, kGrey}}};

using ForestRows = std::vector<const ComparedRow*>;

bool has_place(const ComparedRow& row) {
  return row.verdict != CompareVerdict::not_comparable && row.ratio && row.ci95 && *row.ratio > 0 &&
         row.ci95->low > 0 && std::isfinite(*row.ratio) && std::isfinite(row.ci95->high);
}

// Those that were named first.
ForestRows forest_rows(const Comparison& comparison) {
  ForestRows rows;
  for (const bool named : {true, false})
    for (const ComparedRow& row : comparison.rows)
      if (row.named == named && has_place(row)) rows.push_back(&row);
  return rows;
}

std::string data_of(const ForestRows& rows) {
  std::string data = "row,ratio,ci95_low,ci95_high,verdict,quantity\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto verdict = std::ranges::find(kMarkers, rows[i]->verdict, &Marker::verdict);
    data += fmt::format("{},{},{},{},{},{}\n", i + 1, exact_number(*rows[i]->ratio),
                        exact_number(rows[i]->ci95->low), exact_number(rows[i]->ci95->high),
                        verdict - kMarkers.begin(), csv_field(printable(rows[i]->quantity)));
  }
  return data;
}

std::string shown_name(const ComparedRow& row) { return shortened(printable(row.quantity), kMostShown); }

double left_margin(const ForestRows& rows) {
  std::size_t most = 8;
  for (const ComparedRow* row : rows) most = std::max(most, columns(shown_name(*row)));
  return (6.8 * static_cast<double>(most) + 20) / 1000;
}

// 1, 2, 5, 10, ... within a range that is too wide for equal steps, more of them where it is not that wide.
std::string log_tics(double low, double high) {
  std::vector<std::string> tics;
  for (int power = -9; power <= 9; ++power)
    for (const double first :
         high / low < kManyTics ? std::vector{1.0, 1.5, 2.0, 3.0, 5.0, 7.0} : std::vector{1.0, 2.0, 5.0})
      if (const double at = first * std::pow(10.0, power); at >= low && at <= high)
        tics.push_back(fmt::format("{:.6g}", at));
  return "set logscale x\nset xtics (" + join(tics, ", ") + ")\n";
}

std::string ratio_axis(const ForestRows& rows, double same_within) {
  double low = 1 - same_within, high = 1 + same_within;
  for (const ComparedRow* row : rows) {
    low = std::min(low, row->ci95->low);
    high = std::max(high, row->ci95->high);
  }
  const double room = std::pow(high / low, 0.06);
  low /= room;
  high *= room;
  std::string axis = fmt::format("set xrange [{}:{}]\nset xlabel 'ratio, with its 95 % interval'\n",
                                 exact_number(low), exact_number(high));
  if (low < 1 / kLinear || high > kLinear) axis += log_tics(low, high);
  return axis;
}

// Names on the left; ratio, interval and verdict on the right.
std::string row_texts(const ForestRows& rows) {
  std::vector<std::string> tics;
  std::string labels;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ComparedRow& row = *rows[i];
    tics.push_back(fmt::format("{} {}", gnuplot_quoted(shown_name(row)), i + 1));
    labels += fmt::format(
        "set label {} {} at screen {}, first {} left font ',10' textcolor rgb '#222222' noenhanced\n", i + 10,
        gnuplot_quoted(fmt::format("{:.4g} ({:.4g} to {:.4g}) {}", *row.ratio, row.ci95->low, row.ci95->high,
                                   to_text(row.verdict))),
        kTextLeft, i + 1);
  }
  return "set ytics (" + join(tics, ", ") + ") noenhanced\n" + labels;
}

std::string marker_layers(const ForestRows& rows) {
  std::string plot;
  for (std::size_t i = 0; i < kMarkers.size(); ++i) {
    if (std::ranges::none_of(rows, [&](const auto* row) { return row->verdict == kMarkers[i].verdict; }))
      continue;
    plot += fmt::format(
        ", \\\n  file1 using ($5 == {} ? $2 : NaN):1 skip 1 with points pt {} ps 1 lw 1.5 lc rgb '{}' title "
        "'{}'",
        i, kMarkers[i].point, kMarkers[i].colour, to_text(kMarkers[i].verdict));
  }
  return plot;
}

Caption caption_of(const Comparison& comparison, std::size_t left_out) {
  const auto side = [&](int i) {
    return plural(comparison.recordings[i], "recording") + " with " + plural(comparison.tests[i], "test");
  };
  std::vector<std::string> differences;
  for (const SideDifference& one : comparison.differences)
    differences.push_back(fmt::format("{}: {} -> {}", one.key, one.before.empty() ? "(none)" : one.before,
                                      one.after.empty() ? "(none)" : one.after));
  const std::string title = comparison.variant.empty()
                                ? "new against old"
                                : comparison.variant + " against " + comparison.reference;
  Caption caption{title, verdict_sentence(comparison), join(differences, "; "),
                  fmt::format("old: {}; new: {}; basis: {}", side(0), side(1), to_text(comparison.basis)),
                  ""};
  if (left_out > 0) caption.state = fmt::format("{} more rows: perfwatt compare prints them", left_out);
  return caption;
}

}  // namespace

Figure comparison_figure(const Comparison& comparison) {
  const double same_within = comparison.same_within;
  ForestRows rows = forest_rows(comparison);
  if (rows.empty()) return absent_figure("comparison", "no quantity has a ratio with an interval");
  const std::size_t left_out = rows.size() - std::min(rows.size(), kMostRows);
  rows.resize(rows.size() - left_out);
  Figure figure;
  figure.name = "comparison";
  figure.height = kUsualHeight + kRowHeight * std::max(0, static_cast<int>(rows.size()) - kRowsFrom);
  figure.script = heading(caption_of(comparison, left_out), figure.height);
  figure.script += fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen 0.70\nset yrange [{}.6:0.4]\nset grid noytics "
      "xtics lt 1 lw 0.5 lc rgb '#d8d8d8'\nset border 1\nset tics font ',10'\n"
      "set object 1 rectangle from {}, graph 0 to {}, graph 1 fc rgb '#e8e8e8' fs solid noborder behind\n"
      "set arrow 1 from 1, graph 0 to 1, graph 1 nohead lw 1 lc rgb '#222222'\n",
      left_margin(rows), rows.size(), exact_number(1 - same_within), exact_number(1 + same_within));
  figure.script += ratio_axis(rows, same_within) + row_texts(rows);
  figure.script +=
      "plot file1 using 3:1:($4-$3):(0) skip 1 with vectors heads size screen 0.004,90 lw 1.5 lc rgb "
      "'#444444' notitle" +
      marker_layers(rows) + "\n";
  figure.data = {{"", data_of(rows)}};
  return figure;
}

}  // namespace pw
