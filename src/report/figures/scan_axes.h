// SPDX-License-Identifier: GPL-3.0-or-later
// What a figure over a parameter is made of, and its axes.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pw {

struct ScanPoint {
  double x = 0, mean = 0;
  std::optional<double> half_width;
};
struct ScanLine {
  std::string label;
  std::vector<ScanPoint> points;
};

// The ranges and ticks of both axes: along the parameter the values that were measured, as many as have room.
// One line or more, each with a point or more.
std::string scan_axes(const std::vector<ScanLine>& lines, const std::string& name,
                      const std::string& quantity, const std::string& unit);

}  // namespace pw
