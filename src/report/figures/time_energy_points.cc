// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/time_energy_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/text_width.h"
#include "report/drawing/gnuplot.h"
#include "report/drawing/heading.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr double kListLeft = 0.72, kListTop = 125, kListLine = 15;  // px, but for the first: of the width
constexpr int kListSize = 10;
constexpr std::size_t kListIndent = 4, kMostListed = 26;
constexpr double kAxisRoomOver = 1.12;                    // of the greatest end of an interval
constexpr double kMarkHeight = 15, kMarkCharacter = 7.5;  // px, of a mark beside a point
constexpr std::size_t kMarksTogether = 4;

std::vector<std::string> listed_lines(const std::string& label) {
  const std::size_t width = columns_in(1000 * (0.985 - kListLeft), kListSize);
  return split(wrapped(printable(label), width, kListIndent), '\n');
}

// Marks that stand together beside the point at x, y (px).
struct MarkGroup {
  std::size_t first;
  double x, y;
  std::size_t count = 1;
};

double marks_width(const std::string& text) { return kMarkCharacter * static_cast<double>(columns(text)); }

}  // namespace

std::string mark_of(std::size_t index) {
  return index < kMostListed ? std::string(1, static_cast<char>('A' + index)) : std::to_string(index + 1);
}

std::vector<std::string> texts_beside(std::span<const TimeEnergy> points, int height) {
  const double across = 1000 * (kPointsRight - 0.085) / most_seconds(points);
  const double up = (height - 200) / most_joules(points);
  std::vector<std::string> texts(points.size());
  std::vector<MarkGroup> groups;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].absent.empty()) continue;
    const double x = across * points[i].seconds, y = up * points[i].joules;
    const auto near = std::ranges::find_if(groups, [&](const MarkGroup& one) {
      const double left = std::min(x, one.x), right = std::max(x, one.x);
      return std::abs(one.y - y) < kMarkHeight &&
             right - left < marks_width(texts[one.first] + ", " + mark_of(i));
    });
    if (near == groups.end()) {
      groups.push_back({i, x, y});
      texts[i] = mark_of(i);
    } else if (++near->count <= kMarksTogether) {
      texts[near->first] += ", " + mark_of(i);
    }
  }
  for (const MarkGroup& one : groups)
    if (one.count > kMarksTogether)
      texts[one.first] += fmt::format(" and {} more", one.count - kMarksTogether);
  return texts;
}

std::string list_of(std::span<const TimeEnergy> points, const std::vector<bool>& front, int height) {
  std::string script;
  int tag = 10;
  double y = kListTop;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].absent.empty()) continue;
    std::string before = mark_of(i) + (front[i] ? " ● " : " ○ ");
    for (const std::string& line : listed_lines(points[i].label)) {
      script += fmt::format(
          "set label {} {} at screen {}, screen {:.4f} left font ',{}' textcolor rgb '#222222' noenhanced\n",
          tag++, gnuplot_quoted(before + line), kListLeft, 1 - y / height, kListSize);
      before.clear();
      y += kListLine;
    }
  }
  return script;
}

int height_for(std::span<const TimeEnergy> points) {
  std::size_t lines = 0;
  for (const TimeEnergy& one : points)
    if (one.absent.empty()) lines += listed_lines(one.label).size();
  return std::max(kUsualHeight, static_cast<int>(kListTop + kListLine * static_cast<double>(lines)) + 60);
}

double most_seconds(std::span<const TimeEnergy> points) {
  double most = 0;
  for (const TimeEnergy& one : points) most = std::max(most, one.seconds + one.seconds_off.value_or(0));
  return most > 0 ? kAxisRoomOver * most : 1;
}

double most_joules(std::span<const TimeEnergy> points) {
  double most = 0;
  for (const TimeEnergy& one : points) most = std::max(most, one.joules + one.joules_off.value_or(0));
  return most > 0 ? kAxisRoomOver * most : 1;
}

}  // namespace pw
