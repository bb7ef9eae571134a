// SPDX-License-Identifier: GPL-3.0-or-later
// One bar per test: a counter, or the elapsed time.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "analyze/series.h"
#include "analyze/statistics.h"
#include "base/text.h"
#include "report/figure.h"
#include "report/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kMostValues = 14;  // bars that have their value written above
constexpr int kMostTics = 40;            // tests that have a tic each

struct Bars {
  std::string name, title, subtitle;
  std::string_view unit;  // "" or "s"
  Series series;
  int tests = 0;  // of the experiment: failed ones leave their place empty
};

// What the values are divided by, and how the axis is called then.
struct Scale {
  double factor;
  std::string axis;
};

Scale scale_of(const Bars& bars, double most) {
  static constexpr const char* kWords[] = {"", "thousands", "millions", "billions", "trillions"};
  static constexpr const char* kSeconds[] = {"s", "ms", "µs", "ns"};
  const double power = most > 0 ? std::floor(std::log10(most * (1 + 1e-9)) / 3) : 0;
  if (bars.unit == "s") {
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
  std::string text = fmt::format("mean {}", amount(all.mean, bars.unit));
  if (all.half_width)
    text += fmt::format(" {} (95 %, {} tests)", interval(all), all.n);
  else
    text += ", one test: no interval";
  return bars.subtitle.empty() ? text : bars.subtitle + " · " + text;
}

std::string axes(const Bars& bars, const Scale& scale, double top) {
  const int last = std::max(bars.tests, bars.series.tests.back().test);
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
  if (bars.series.tests.size() <= kMostValues)
    plot += fmt::format(
        ", \\\n  file1 using 1:(($2+(valid(3)?$3:0))/factor):(sprintf('%.4g', $2/factor)) skip 1 with labels "
        "offset 0,0.8 font ',11' textcolor rgb '{}' notitle",
        kGrey);
  return script + plot + "\n";
}

Figure drawn(const Recording& recording, const Bars& bars) {
  const Statistics all = *statistics(bars.series.values());
  const Scale scale = scale_of(bars, all.most);
  double most = all.most;
  bool repeats = false;
  for (const TestValue& test : bars.series.tests) {
    most = std::max(most, test.value + test.deviation.value_or(0));
    repeats = repeats || test.deviation.has_value();
  }
  const double top = most > 0 ? 1.14 * most / scale.factor : 1;
  return {bars.name,
          heading(recording, bars.title, subtitle_of(bars, all)) + axes(bars, scale, top) +
              layers(bars, all, repeats),
          {{"", data_of(bars.series)}}};
}

std::string subtitle_for(const Event& event, const Series& series) {
  std::vector<std::string> parts;
  if (!event.hardware_event.empty()) parts.push_back(event.hardware_event);
  if (event.scope == Scope::user) parts.emplace_back("user mode only");
  if (event.scope == Scope::kernel) parts.emplace_back("kernel only");
  if (series.least_coverage < 1)
    parts.push_back(fmt::format("SCALED, counted {:.0f} % of the time", 100 * series.least_coverage));
  return join(parts, ", ");
}

Series in_seconds(Series series) {
  for (TestValue& test : series.tests) {
    test.value *= 1e-9;
    if (test.deviation) *test.deviation *= 1e-9;
  }
  return series;
}

}  // namespace

Figure counter_figure(const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  const std::string label = event.label();
  Series series = counter_series(recording, index);
  if (series.tests.empty())
    return message_figure(recording, file_name(label), label,
                          "Not counted. " + why_uncounted(recording, index));
  const bool nanoseconds = event.unit == "ns";
  const std::string subtitle = subtitle_for(event, series);
  return drawn(recording,
               {file_name(label), label, subtitle, nanoseconds ? "s" : "",
                nanoseconds ? in_seconds(std::move(series)) : std::move(series), recording.experiment.tests});
}

Figure time_figure(const Recording& recording) {
  Series series = elapsed_series(recording);
  if (series.tests.empty())
    return message_figure(recording, "time-elapsed", "time elapsed", "No execution of a test ended well.");
  return drawn(recording,
               {"time-elapsed", "time elapsed", "", "s", std::move(series), recording.experiment.tests});
}

}  // namespace pw
