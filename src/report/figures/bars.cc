// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/bars.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr int kMostFlat = 14;     // tests with their value written flat
constexpr int kMostUpright = 40;  // turned, where there are more; and tests that have a tic each
constexpr double kBarHeadroom = 1.06;

bool in_seconds(const Bars& bars) { return bars.measured.unit == "s"; }

// "task-clock (ms)"
std::string axis_of(const Bars& bars, const FigureScale& scale) {
  const std::string name = axis_name(bars.title, "count");
  return scale.words.empty() ? name : fmt::format("{} ({})", name, scale.words);
}

double top_of(const TestValue& test) { return test.value + test.deviation.value_or(0); }

std::string data_of(const Series& series) {
  std::string data = "test,value,deviation_between_passes\n";
  for (const TestValue& test : series.tests)
    data += fmt::format("{},{},{}\n", test.test, exact_number(test.value),
                        test.deviation ? exact_number(*test.deviation) : "");
  return data;
}

std::string subtitle_of(const Bars& bars, const Statistics& all) {
  std::string text = fmt::format("mean {}", amount(all.mean, in_seconds(bars) ? "s" : ""));
  if (all.half_width)
    text += fmt::format(" {} (95 %, {} tests)", interval(all), all.n);
  else
    text += ", one test: no interval";
  return bars.subtitle.empty() ? text : bars.subtitle + " · " + text;
}

// Behind the bars.
std::string interval_band() {
  return fmt::format(
      "'+' using 1:((mean-half)/factor):((mean+half)/factor) with filledcurves lc rgb '{}' fs solid noborder "
      "title '95 % interval', \\\n  ",
      kPaleOrange);
}

std::string mean_lines(bool with_interval) {
  std::string lines = fmt::format(", \\\n  mean/factor with lines lw 2 lc rgb '{}' title 'mean'", kOrange);
  for (const char* end : {"(mean-half)", "(mean+half)"})
    if (with_interval)
      lines += fmt::format(", \\\n  {}/factor with lines dt 2 lw 1 lc rgb '{}' notitle", end, kOrange);
  return lines;
}

// The bars with the passes' deviations and the values; around them the mean and its interval.
std::string layers(const Bars& bars, const Statistics& all, int last) {
  const bool deviations = std::ranges::any_of(bars.measured.series.tests,
                                              [](const auto& one) { return one.deviation.has_value(); });
  return fmt::format("mean = {}\nhalf = {}\nplot ", gnuplot_real(all.mean),
                     gnuplot_real(all.half_width.value_or(0))) +
         (all.half_width ? interval_band() : "") +
         fmt::format("file1 using 1:($2/factor) skip 1 with boxes lc rgb '{}' notitle", kPaleBlue) +
         mean_lines(all.half_width.has_value()) +
         (deviations ? upright_errors("$2", "$3", "± deviation between passes") : "") +
         value_labels("file1 using 1:(0):(sprintf('%.4g', $2/factor)) skip 1", last) + "\n";
}

}  // namespace

int last_test(const Recording& recording, const Series& series) {
  return std::max(recording.experiment.tests, series.tests.back().test);
}

double label_headroom(int last) { return last <= kMostFlat ? 1.14 : last <= kMostUpright ? 1.24 : 1.06; }

std::string upright_errors(std::string_view value, std::string_view off, std::string_view title) {
  return fmt::format(
      ", \\\n  file1 using 1:(({0}-{1})/factor):(0):(2*{1}/factor) skip 1 with vectors heads size screen "
      "0.004,90 "
      "lc rgb '#222222' lw 1.5 title '{2}'",
      value, off, title);
}

std::string value_labels(const std::string& data, int last) {
  if (last > kMostUpright) return "";
  const char* how = last <= kMostFlat ? "center offset 0,0.8" : "rotate by 90 left offset 0,0.4";
  return fmt::format(", \\\n  {} with labels {} font ',{}' textcolor rgb '#222222' notitle", data, how,
                     last <= kMostFlat ? 11 : 10);
}

std::string test_axes(int last, const std::string& y_label) {
  return fmt::format(
      "set xlabel 'test'\nset ylabel {} noenhanced\nset xrange [0.4:{}.6]\n{}"
      "set boxwidth 0.7\nset style fill solid 1.0 noborder\n",
      gnuplot_quoted(y_label), last, last <= kMostUpright ? "set xtics 1\n" : "");
}

Figure bar_figure(const Recording& recording, const Bars& bars) {
  const Statistics& all = *bars.measured.value;
  const FigureScale scale = scale_of(all.most, in_seconds(bars) ? "s" : "");
  double most = all.most, least = std::min(0.0, all.mean - all.half_width.value_or(0));
  for (const TestValue& test : bars.measured.series.tests) {
    most = std::max(most, top_of(test));
    least = std::min(least, test.value - test.deviation.value_or(0));
  }
  most = std::max(most, all.mean + all.half_width.value_or(0));
  const int last = last_test(recording, bars.measured.series);
  const double top = most > 0 ? kBarHeadroom * most / scale.factor : 1;
  return {bars.name,
          heading(recording, bars.title, subtitle_of(bars, all)) + test_axes(last, axis_of(bars, scale)) +
              y_range(least / scale.factor, top) + fmt::format("factor = {}\n", gnuplot_real(scale.factor)) +
              layers(bars, all, last),
          {{"", data_of(bars.measured.series)}}};
}

}  // namespace pw
