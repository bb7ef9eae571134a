// SPDX-License-Identifier: GPL-3.0-or-later
// The points of time against energy: what stands beside them, and the list that says which is which.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pw {

struct TimeEnergy {
  std::string label;
  double seconds = 0, joules = 0;                 // of an execution, or of an item
  std::optional<double> seconds_off, joules_off;  // half-widths of their 95 % intervals
  std::string meter;                              // "dcmi system"
  bool simulated = false;
  std::string absent;  // why it has no place in the picture
};

inline constexpr double kPointsRight = 0.70;  // of the width: the list is beside them

// "A" to "Z", then "27", ...
std::string mark_of(std::size_t index);

// Of each point its mark; those of points that lie together stand beside the first of them.
std::vector<std::string> texts_beside(std::span<const TimeEnergy> points, int height);

std::string list_of(std::span<const TimeEnergy> points, const std::vector<bool>& front, int height);
int height_for(std::span<const TimeEnergy> points);  // as high as its list

// Where the axes end, which begin at 0: s, J.
double most_seconds(std::span<const TimeEnergy> points);
double most_joules(std::span<const TimeEnergy> points);

}  // namespace pw
