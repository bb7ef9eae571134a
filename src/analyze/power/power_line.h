// SPDX-License-Identifier: GPL-3.0-or-later
// A channel's power over time in as many points as a picture can show.
#pragma once

#include <vector>

#include "analyze/power/curve.h"
#include "model/recording.h"

namespace pw {

inline constexpr std::size_t kLineParts = 2000;  // of a picture

// In a break (a failed or missing reading) watts is NaN.
struct PowerPoint {
  double time;   // s since the start of the recording
  double watts;  // the mean where several readings became one point
  double least;
  double most;
};

struct PowerLine {
  std::vector<PowerPoint> points;
  bool decimated = false;      // several readings became one point
  std::vector<double> failed;  // times of readings that failed, s; thinned out like the points
  double most = 0;             // W
};

// More readings than `parts` become the least, mean and most of each of that many parts of the time.
PowerLine power_line(const Recording& recording, std::size_t channel, const Curve& watts,
                     std::size_t parts = kLineParts);

}  // namespace pw
