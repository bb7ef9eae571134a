// SPDX-License-Identifier: GPL-3.0-or-later
// What a channel's readings show of its sensor. Formulas: docs/method.md, "What a sensor is".
#pragma once

#include <vector>

#include "analyze/power/curve_point.h"

namespace pw {

struct SensorStep {
  double step = 0;    // in the unit of the values; 0: finer than the values show
  bool known = true;  // false: too few values differ; `step` is the greatest that it may be
};

// The grid that values stand on: the least gap between them, where their other gaps are its multiples.
SensorStep step_of(std::vector<double> values);

// W: the dead band of a sensor that renews its value only where the power differs from it by more; 0: none is
// seen. Of watts.
double dead_band_of(const std::vector<CurvePoint>& points);

// Keeps the points that show something new: the first of each stretch of equal values, and within it one a
// renewal.
void keep_renewed(std::vector<CurvePoint>& points, Seconds renewal);

}  // namespace pw
