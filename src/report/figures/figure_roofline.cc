// SPDX-License-Identifier: GPL-3.0-or-later
// The regions whose work is known beneath what their machine can do at most.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "analyze/regions/roofline.h"
#include "base/text.h"
#include "report/drawing/figure.h"
#include "report/figures/region_labels.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr int kRoofHeight = 640;
constexpr std::size_t kMostInRoofList = 30, kRoofName = 30, kMostRoofMarks = 3;
constexpr double kRoofLeft = 85, kRoofRight = 660, kRoofUnder = 130, kRoofOver = 110;  // px of the picture
constexpr double kOverSlope = 1.25;  // so many times as high its label stands
constexpr double kRoofListTop = 118, kRoofListLine = 15.5;
constexpr double kRoofNearX = 40, kRoofNearY = 13;  // px: of marks that would lie on each other

struct RoofPoint {
  const RegionRow* row = nullptr;
  std::string mark;  // "3", "1, 4"; "": it has none
};

// Both logarithmic; in op/byte and op/s.
struct RoofAxes {
  double left = 0, right = 0, bottom = 0, top = 0;

  double x_pixel(double x) const {
    return kRoofLeft + (kRoofRight - kRoofLeft) * std::log(x / left) / std::log(right / left);
  }
  double y_pixel(double y) const {
    return (kRoofHeight - kRoofUnder - kRoofOver) * std::log(y / bottom) / std::log(top / bottom);
  }
  // Of a line whose y is proportional to x, in degrees.
  double slope() const {
    return std::atan2(y_pixel(2 * bottom), x_pixel(2 * left) - kRoofLeft) * 180 / std::numbers::pi;
  }
};

std::vector<RoofPoint> points_of(const RegionAnalysis& regions) {
  std::vector<RoofPoint> points;
  for (const RegionRow& row : regions.rows)
    if (row.roof && row.intensity) points.push_back({&row, ""});
  std::ranges::stable_sort(points, std::ranges::greater{},
                           [](const RoofPoint& one) { return one.row->own->mean; });
  return points;
}

RoofAxes axes_of(const std::vector<RoofPoint>& points, const std::vector<Roof>& roofs,
                 const std::vector<Slope>& slopes) {
  RoofAxes axes{1e300, 0, 1e300, 0};
  for (const RoofPoint& one : points) {
    axes.left = std::min(axes.left, *one.row->intensity);
    axes.right = std::max(axes.right, *one.row->intensity);
    axes.bottom = std::min(axes.bottom, *one.row->flops);
    axes.top = std::max(axes.top, *one.row->flops);
  }
  for (const Roof& roof : roofs) {
    axes.top = std::max(axes.top, roof.most);
    if (!slopes.empty()) axes.right = std::max(axes.right, roof.most / slopes.front().bytes);
  }
  return {axes.left / 2, axes.right * 2, axes.bottom / 2, axes.top * 2};
}

// By place: the number of each that is listed, together where they would lie on each other.
void add_marks(std::vector<RoofPoint>& points, const RoofAxes& axes) {
  std::vector<std::pair<std::size_t, std::size_t>> groups;  // their first point, and how many
  for (std::size_t i = 0; i < std::min(points.size(), kMostInRoofList); ++i) {
    const RegionRow& row = *points[i].row;
    const auto near = std::ranges::find_if(groups, [&](const auto& group) {
      const RegionRow& first = *points[group.first].row;
      return std::abs(axes.x_pixel(*row.intensity) - axes.x_pixel(*first.intensity)) < kRoofNearX &&
             std::abs(axes.y_pixel(*row.flops) - axes.y_pixel(*first.flops)) < kRoofNearY;
    });
    if (near == groups.end()) {
      groups.emplace_back(i, 1);
      points[i].mark = std::to_string(i + 1);
    } else if (++near->second <= kMostRoofMarks) {
      points[near->first].mark += "," + std::to_string(i + 1);
    } else if (near->second == kMostRoofMarks + 1) {
      points[near->first].mark += ",…";
    }
  }
}

std::string points_csv(const std::vector<RoofPoint>& points) {
  std::string data = "place,intensity,flops_per_s,roof_share,bound,seconds,mark,region\n";
  for (std::size_t i = 0; i < points.size(); ++i) {
    const RegionRow& row = *points[i].row;
    data +=
        fmt::format("{},{},{},{},{},{},{},{}\n", i + 1, exact_number(*row.intensity),
                    exact_number(*row.flops), exact_number(row.roof->share), row.roof->memory ? 1 : 0,
                    exact_number(row.own->mean), csv_field(points[i].mark), csv_field(printable(row.path)));
  }
  return data;
}

// Lines of two points: each slope up to the highest roof, each roof from where the memory reaches it.
std::string roofs_csv(const std::vector<Roof>& roofs, const std::vector<Slope>& slopes,
                      const RoofAxes& axes) {
  std::string data = "line,intensity,flops_per_s\n";
  const auto add = [&](std::size_t line, double x, double y) {
    data += fmt::format("{},{},{}\n", line, exact_number(x), exact_number(y));
  };
  const double highest = std::ranges::max_element(roofs, {}, &Roof::most)->most;
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const double x = std::max(axes.left, axes.bottom / slopes[i].bytes), end = highest / slopes[i].bytes;
    add(i, x, x * slopes[i].bytes);
    add(i, std::max(end, x), std::max(end, x) * slopes[i].bytes);
  }
  for (std::size_t i = 0; i < roofs.size(); ++i) {
    const double begin = slopes.empty() ? axes.left : roofs[i].most / slopes.back().bytes;
    add(slopes.size() + i, std::max(begin, axes.left), roofs[i].most);
    add(slopes.size() + i, axes.right, roofs[i].most);
  }
  return data;
}

std::string roof_labels(const std::vector<Roof>& roofs, const std::vector<Slope>& slopes,
                        const RoofAxes& axes) {
  std::string script;
  int tag = 1;
  for (const Roof& roof : roofs)
    script += fmt::format(
        "set label {} {} at {},{} right offset 0,0.6 font ',10' textcolor rgb '#222222' noenhanced\n", tag++,
        gnuplot_quoted(fmt::format("{} {}, {}", roof.number, amount(roof.most, "op/s"),
                                   plural(static_cast<std::size_t>(roof.threads), "thread"))),
        gnuplot_real(axes.right / 1.1), gnuplot_real(roof.most / 1e9));
  for (const Slope& one : slopes) {
    const double x = std::max(axes.left, axes.bottom / one.bytes) * 1.15;
    script += fmt::format(
        "set label {} {} at {},{} left rotate by {:.1f} font ',10' textcolor rgb '{}' "
        "noenhanced\n",
        tag++, gnuplot_quoted(fmt::format("{} {}", one.level, amount(one.bytes, "B/s"))), gnuplot_real(x),
        gnuplot_real(kOverSlope * x * one.bytes / 1e9), axes.slope(),
        one.level == kPeakMemory ? "#222222" : kGrey);
  }
  return script;
}

std::string roof_list(const std::vector<RoofPoint>& points) {
  std::string script;
  for (std::size_t i = 0; i < std::min(points.size(), kMostInRoofList); ++i) {
    const RegionRow& row = *points[i].row;
    const std::string text =
        fmt::format("{:>2} {} {:.0f} % · {} · {}", i + 1, row.roof->memory ? "△" : "○", 100 * row.roof->share,
                    amount(row.own->mean, "s"), short_path(row.path, kRoofName));
    script += fmt::format(
        "set label {} {} at screen 0.680, screen {:.4f} left font ',10' textcolor rgb '#222222' noenhanced\n",
        100 + i, gnuplot_quoted(text),
        1 - (kRoofListTop + kRoofListLine * static_cast<double>(i)) / kRoofHeight);
  }
  return script;
}

std::string roof_layers(std::size_t roofs, std::size_t slopes) {
  std::string plot = "plot ";
  for (std::size_t i = 0; i < slopes + roofs; ++i)
    plot += fmt::format(
        "file2 using ($1=={}?$2:NaN):($3/1e9) skip 1 with lines lw {} dt {} lc rgb '{}' notitle, "
        "\\\n  ",
        i, i == 0 || i >= slopes ? 2 : 1, i == 0 || i >= slopes ? 1 : 2,
        i == 0 || i >= slopes ? "#222222" : kGrey);
  return plot + fmt::format(
                    "file1 using ($5==0?$2:NaN):($3/1e9) skip 1 with points pt 7 ps 0.9 lc rgb '{}' title "
                    "'bound by computing', \\\n"
                    "  file1 using ($5==1?$2:NaN):($3/1e9) skip 1 with points pt 9 ps 1.0 lc rgb '{}' title "
                    "'bound by the memory', \\\n"
                    "  file1 using 2:($3/1e9):7 skip 1 with labels left offset 0.7,0.3 font ',9' textcolor "
                    "rgb '#222222' noenhanced notitle\n",
                    kBlue, kOrange);
}

Figure roofline_figure(const FigureInput& input, std::vector<RoofPoint> points) {
  const auto [roofs, slopes] = roof_lines(input.analysis.regions.rows, input.recording.peaks);
  const RoofAxes axes = axes_of(points, roofs, slopes);
  add_marks(points, axes);
  const std::string listed =
      points.size() > kMostInRoofList
          ? fmt::format("the {} of {} regions that took most", kMostInRoofList, points.size())
          : plural(points.size(), "region");
  Figure figure{"roofline",
                heading(caption_of(input.recording, "roofline",
                                   listed + ", by their own time: share of the roof, seconds of a test · the "
                                            "roofs are the peaks of this machine that were measured"),
                        kRoofHeight),
                {{"", points_csv(points)}, {"-roofs", roofs_csv(roofs, slopes, axes)}}};
  figure.height = kRoofHeight;
  figure.script += fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset logscale xy\n"
      "set xlabel 'operations a byte' noenhanced\nset ylabel '10^9 operations a second' noenhanced\n"
      "set xrange [{}:{}]\nset yrange [{}:{}]\nset format xy '%g'\n{}{}{}",
      kRoofLeft / 1000, kRoofRight / 1000, gnuplot_real(axes.left), gnuplot_real(axes.right),
      gnuplot_real(axes.bottom / 1e9), gnuplot_real(axes.top / 1e9), roof_labels(roofs, slopes, axes),
      roof_list(points), roof_layers(roofs.size(), slopes.size()));
  return figure;
}

}  // namespace

std::vector<Figure> roofline_figures(const FigureInput& input) {
  const RegionAnalysis& regions = input.analysis.regions;
  std::vector<RoofPoint> points = points_of(regions);
  if (!points.empty()) return {roofline_figure(input, std::move(points))};
  if (!regions.no_roofs.empty()) return {absent_figure("roofline", regions.no_roofs)};
  return {};
}

}  // namespace pw
