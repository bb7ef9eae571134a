// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/drawing/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "base/text_width.h"

namespace pw {
namespace {

constexpr double kRoomBelow = 1.08;
constexpr std::size_t kLongestAxisName = 26;

}  // namespace

Figure absent_figure(std::string name, std::string why) {
  Figure figure;
  figure.name = std::move(name);
  figure.absent = why.empty() ? "no value" : std::move(why);
  return figure;
}

FigureScale scale_of(double most, std::string_view unit) {
  static constexpr std::array kWords = {"", "thousands", "millions", "billions", "trillions"};
  static constexpr std::array kSmall = {"", "m", "µ", "n"};
  static constexpr std::array kLarge = {"", "k", "M", "G", "T"};
  const double power = most > 0 ? std::floor(std::log10(most * (1 + 1e-9)) / 3) : 0;
  const double least = unit.empty() ? 0 : -3, greatest = unit == "s" ? 0 : 4;
  const double step = std::clamp(power, least, greatest);
  const auto at = static_cast<std::size_t>(std::abs(step));
  const double factor = std::pow(1000.0, step);
  if (unit.empty()) return {factor, kWords[at]};
  return {factor, (step < 0 ? kSmall[at] : kLarge[at]) + std::string(unit)};
}

std::string axis_name(std::string_view name, std::string_view instead) {
  return std::string(columns(printable(name)) <= kLongestAxisName ? name : instead);
}

std::string y_range(double least, double top) {
  if (least >= 0) return fmt::format("set yrange [0:{}]\n", exact_number(top));
  return fmt::format("set yrange [{}:{}]\nset xzeroaxis lt 1 lw 1 lc rgb '#222222'\n",
                     exact_number(kRoomBelow * least), exact_number(top));
}

}  // namespace pw
