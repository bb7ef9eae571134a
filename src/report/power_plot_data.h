// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind a power figure, as CSV.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/energy.h"
#include "model/recording.h"

namespace pw {

// A line over time; in a break (a failed or missing reading) watts is NaN.
struct PlotPoint {
  double time;   // s since the start of the recording
  double watts;  // the mean where several readings became one point
  double least;
  double most;
};

struct PlotLine {
  std::vector<PlotPoint> points;
  bool decimated = false;      // several readings became one point
  std::vector<double> failed;  // times of readings that failed, s; thinned out like the points
  double most = 0;             // W
};

// More readings than `columns` become the least, mean and most of each of that many parts of the time.
PlotLine plot_line(const Recording& recording, int channel, std::size_t columns);

std::string csv_of(const PlotLine& line);  // time_s,watts,least,most; an empty line breaks the curve

// The executions, warm-ups (test 0) included: test,pass,begin_s,end_s,mean_w.
std::string executions_csv(const Recording& recording, std::span<const EnergyRow> energy);

}  // namespace pw
