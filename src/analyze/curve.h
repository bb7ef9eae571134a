// SPDX-License-Identifier: GPL-3.0-or-later
// A channel's samples as a curve over time, and energy out of it. Formulas and their reasons: docs/method.md.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "model/recording.h"

namespace pw {

// Pieces longer than this many sampling periods are gaps.
inline constexpr double kGapPeriods = 3;

struct CurvePoint {
  Seconds time;         // since the start of the recording
  double value = 0;     // watts, or cumulative joules
  Seconds read;         // duration of the reading
  bool broken = false;  // what lies between the point before and this one is unknown: a counter was reset
};

struct Curve {
  std::vector<CurvePoint> points;  // in the order of time
  Seconds period;                  // between samples; or between renewals of the sensor, where that is longer
  double step = 0;                 // the sensor's resolution in watts or joules; 0: unknown
};

// The usable samples of a channel: watts of an instantaneous one, joules of an accumulating one.
Curve curve_of(const Recording& recording, int channel);

// Watts of either kind: of an accumulating channel the mean between two readings, at the middle between them.
Curve power_curve(const Recording& recording, int channel);

struct Integral {
  Joules energy;
  Joules uncertainty;  // 95 %
  Watts peak;          // of watts only
  double coverage = 0;
  int inside = 0;  // samples within [begin, end]
};
using Integrated = tl::expected<Integral, std::string>;  // the error: why there is none

// Of watts: the integral. An error where no sample is inside nor within 3 periods of [begin, end].
Integrated integrate(const Curve& watts, Seconds begin, Seconds end);

// Of cumulative joules: the difference. An error where readings do not enclose [begin, end], went back, or
// the counter was reset in between.
Integrated difference(const Curve& joules, Seconds begin, Seconds end);

}  // namespace pw
