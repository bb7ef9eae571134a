// SPDX-License-Identifier: GPL-3.0-or-later
// A channel's samples as a curve over time.
#pragma once

#include <span>
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
  Seconds age;                     // how much the ages of two values may differ
  Seconds delay;                   // how far all may lag behind the tests
  Watts sample_error = {};         // of each power that cumulative joules are the sum of; 0: none known
};

// The usable samples of a channel: watts of an instantaneous one, joules of an accumulating one; at the times
// that the sensor stamped them with, where it does (docs/method.md, "Time stamps").
Curve curve_of(const Recording& recording, int channel);

// Watts of either kind: of an accumulating channel the mean between two readings, at the middle between them.
Curve power_curve(const Recording& recording, int channel);

// The points within [begin, end] and one more on each side, where there is one.
std::span<const CurvePoint> around(const Curve& curve, Seconds begin, Seconds end);

// Linear between the points, of which there is one or more; beyond them the value of the nearest.
double value_at(std::span<const CurvePoint> points, Seconds time);

}  // namespace pw
