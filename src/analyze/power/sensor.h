// SPDX-License-Identifier: GPL-3.0-or-later
// What a channel's readings show of its sensor. Formulas: docs/method.md, "What a sensor is".
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "analyze/power/curve.h"

namespace pw {

struct SensorStep {
  double step = 0;    // in the unit of the values; 0: finer than the values show
  bool known = true;  // false: too few values differ; `step` is the greatest that it may be
};

// The grid that values stand on: the least gap between them, where their other gaps are its multiples.
SensorStep step_of(std::vector<double> values);

// How often the sensor has something new: the gap between changes of the value, where it is regular and
// longer than two periods. Changes next to `edges` (ascending), which every sensor shows, are left out.
// Nothing: as often as it is read, or too few changes to tell.
std::optional<Seconds> renewal_of(std::span<const CurvePoint> points, Seconds period,
                                  std::span<const Seconds> edges);

// Keeps the points that show something new: the first of each stretch of equal values, and within it one a
// renewal.
void keep_renewed(std::vector<CurvePoint>& points, Seconds renewal);

}  // namespace pw
