// SPDX-License-Identifier: GPL-3.0-or-later
// What a run took as a whole, of a sensor that spreads its tests over each other. Formulas: docs/method.md,
// "Averaging and slow sensors".
#pragma once

#include <optional>

#include "analyze/power/curve.h"
#include "analyze/power/idle.h"
#include "model/recording.h"

namespace pw {

struct RunTotal {
  Seconds seconds;     // of all executions
  Joules gross, net;   // likewise
  Joules uncertainty;  // 95 %
  bool surer = false;  // it may be: the sensor spreads what happens over more than a reading, else what shows
                       // behind an end may be idle power that settles
};

// From the first begin until the sensor has shown all of the last end, less the idle level. Nothing without
// an idle level, or where the readings end before. `watts`: with its lag and smear.
std::optional<RunTotal> run_total(const Recording& recording, const Curve& watts, const IdleLevels& idle);

}  // namespace pw
