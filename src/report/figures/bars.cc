// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kMostValues = 14;  // bars that have their value written above
constexpr int kMostTics = 40;            // tests that have a tic each

// What the values are divided by, and how the axis is called then.
struct Scale {
  double factor;
  std::string axis;
};

bool in_seconds(const Bars& bars) { return bars.measured.unit == "s"; }

Scale scale_of(const Bars& bars, double most) {
  static constexpr const char* kWords[] = {"", "thousands", "millions", "billions", "trillions"};
  static constexpr const char* kSeconds[] = {"s", "ms", "µs", "ns"};
  const double power = most > 0 ? std::floor(std::log10(most * (1 + 1e-9)) / 3) : 0;
  if (in_seconds(bars)) {
    const double step = std::clamp(-power, 0.0, 3.0);
    return {std::pow(1000.0, -step),
            fmt::format("{} ({})", bars.title, kSeconds[static_cast<std::size_t>(step)])};
  }
  const double step = std::clamp(power, 0.0, 4.0);
  const std::string word = kWords[static_cast<std::size_t>(step)];
  return {std::pow(1000.0, step), word.empty() ? bars.title : bars.title + " (" + word + ")"};
}

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

// `tests` of the experiment: failed ones leave their place empty.
std::string axes(const Bars& bars, int tests, const Scale& scale, double top) {
  const int last = std::max(tests, bars.measured.series.tests.back().test);
  return fmt::format(
      "set xlabel 'test'\nset ylabel {} noenhanced\nset yrange [0:{}]\nset xrange [0.4:{}.6]\n{}"
      "set boxwidth 0.7\nset style fill solid 1.0 noborder\nfactor = {}\n",
      gnuplot_quoted(shortened(scale.axis, 60)), exact_number(top), last,
      last <= kMostTics ? "set xtics 1\n" : "", exact_number(scale.factor));
}

// The interval as a band, the bars, the passes' deviations, the mean, the values.
std::string layers(const Bars& bars, const Statistics& all, bool repeats) {
  std::string script = fmt::format("mean = {}\n", exact_number(all.mean));
  std::string plot =
      fmt::format("plot file1 using 1:($2/factor) skip 1 with boxes lc rgb '{}' notitle", kPaleBlue);
  if (all.half_width) {
    script += fmt::format("half = {}\n", exact_number(*all.half_width));
    plot += fmt::format(
        ", \\\n  '+' using 1:((mean-half)/factor):((mean+half)/factor) with filledcurves lc rgb '{}' "
        "fs transparent solid 0.35 noborder title '95 % interval'",
        kOrange);
  }
  plot += fmt::format(", \\\n  mean/factor with lines lw 2 lc rgb '{}' title 'mean'", kOrange);
  if (repeats)
    plot +=
        ", \\\n  file1 using 1:($2/factor):($3/factor) skip 1 with yerrorbars lc rgb '#222222' lw 1.5 pt 0 "
        "title '± deviation between passes'";
  if (bars.measured.series.tests.size() <= kMostValues)
    plot += fmt::format(
        ", \\\n  file1 using 1:(($2+(valid(3)?$3:0))/factor):(sprintf('%.4g', $2/factor)) skip 1 with labels "
        "offset 0,0.8 font ',11' textcolor rgb '{}' notitle",
        kGrey);
  return script + plot + "\n";
}

}  // namespace

Figure bar_figure(const Recording& recording, const Bars& bars) {
  const Statistics& all = *bars.measured.value;
  const Scale scale = scale_of(bars, all.most);
  double most = all.most;
  bool repeats = false;
  for (const TestValue& test : bars.measured.series.tests) {
    most = std::max(most, test.value + test.deviation.value_or(0));
    repeats = repeats || test.deviation.has_value();
  }
  const double top = most > 0 ? 1.14 * most / scale.factor : 1;
  return {bars.name,
          heading(recording, bars.title, subtitle_of(bars, all)) +
              axes(bars, recording.experiment.tests, scale, top) + layers(bars, all, repeats),
          {{"", data_of(bars.measured.series)}}};
}

}  // namespace pw
