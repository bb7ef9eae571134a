// SPDX-License-Identifier: GPL-3.0-or-later
// A channel's samples as a curve over time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyze/power/curve_point.h"
#include "model/recording.h"

namespace pw {

// Pieces longer than this many sampling periods are gaps.
inline constexpr double kGapPeriods = 3;

struct ValueRange {
  double least = 0;
  double most = 0;
};

struct Curve {
  std::vector<CurvePoint> points;  // in the order of time
  Seconds period;                  // between samples; or between renewals of the sensor, where that is longer
  double step = 0;          // the sensor's resolution in watts or joules: as told, or as the values show it
  Seconds age;              // how much the ages of two values may differ
  Seconds delay;            // how far all may lag behind the tests
  Watts sample_error = {};  // of each power that cumulative joules are the sum of; 0: none known
  std::optional<ValueRange> range = {};  // of all values, where it is known already
  bool step_known = true;  // false: too few values differ; `step` is the greatest that it may be
  Seconds lag = {};        // how far all are known to lag behind the tests
  Seconds spread =
      {};  // over which a value is a mean, around its time: of a period's readings, of a counter's piece
  Seconds renews = {};  // how often the sensor has something new, as it says or shows; 0: unknown
  Seconds smear = {};   // what an edge is spread over: what the sensor averages, and how seldom it renews
  double band = 0;      // W: a value is renewed only where the power differs from it by more
  bool bins = false;    // joules of means over a period: what happens within one is not seen
};

// How far the power may be from the values that show it: they stand on a grid, and may be held.
double most_off(const Curve& curve);

// What was ever read; of a curve that has a point.
ValueRange range_of(const Curve& curve);

// The usable samples of a channel: watts of an instantaneous one, joules of an accumulating one; at the times
// that the sensor stamped them with, where it does (docs/method.md, "Time stamps"). Of a sensor that renews
// its watts less than half as often as it is read, the readings that showed something new.
Curve curve_of(const Recording& recording, std::size_t channel);

// Watts out of cumulative joules: the mean between two readings, at the middle between them.
Curve power_curve(const Curve& joules);

// A channel's curve, and that of its power.
class ChannelCurves {
 public:
  ChannelCurves(const Recording& recording, std::size_t channel);

  Curve own;             // watts, or cumulative joules
  const Curve& watts();  // made when it is first asked for

 private:
  bool joules_;
  std::optional<Curve> power_;
};

// The points within [begin, end] and one more on each side, where there is one.
std::span<const CurvePoint> around(const Curve& curve, Seconds begin, Seconds end);

// The values of the points within [begin, end].
std::vector<double> values_between(const Curve& curve, Seconds begin, Seconds end);

// Linear between the points, of which there is one or more; beyond them the value of the nearest.
double value_at(std::span<const CurvePoint> points, Seconds time);

}  // namespace pw
