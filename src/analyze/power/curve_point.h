// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/units.h"

namespace pw {

struct CurvePoint {
  Seconds time;         // since the start of the recording
  double value = 0;     // watts, or cumulative joules
  Seconds read;         // duration of the reading
  bool broken = false;  // what lies between the point before and this one is unknown: a counter was reset
  std::int32_t readings = 1;  // of which the value is the mean, spread over the period around `time`
  float deviation = 0;        // W, of those readings
  float most = 0;             // W, of those readings
};

}  // namespace pw
