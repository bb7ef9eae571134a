// SPDX-License-Identifier: GPL-3.0-or-later
// How late a sensor shows what happened, out of the steps at the tests. Formulas: docs/method.md, "Lag".
#pragma once

#include <optional>
#include <vector>

#include "analyze/curve.h"
#include "analyze/idle.h"
#include "model/power_analysis.h"

namespace pw {

// By channel: from the first execution's begin after an idle window, and the last one's end before one.
// Nothing where neither step stands out.
std::vector<std::optional<SensorLag>> sensor_lags(const Recording& recording);

// The lag of the second curve behind the first where both show the same changes best; nothing where the
// correlation stays below 0.8.
std::optional<Seconds> lag_between(const Curve& first, const Curve& second);

}  // namespace pw
