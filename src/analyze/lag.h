// SPDX-License-Identifier: GPL-3.0-or-later
// How late a sensor shows what happened, out of the steps at the tests. Formulas: docs/method.md, "Lag".
#pragma once

#include <optional>

#include "analyze/curve.h"
#include "analyze/idle.h"
#include "model/power_analysis.h"

namespace pw {

// From the first execution's begin after an idle window, and the last one's end before one. `watts`: the
// channel's power_curve(). Nothing where neither step stands out.
std::optional<SensorLag> sensor_lag(const Recording& recording, const Curve& watts);

// The lag of the second curve behind the first where both show the same changes best; nothing where the
// correlation stays below 0.8.
std::optional<Seconds> lag_between(const Curve& first, const Curve& second);

}  // namespace pw
