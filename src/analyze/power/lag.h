// SPDX-License-Identifier: GPL-3.0-or-later
// How late a sensor shows what happened, out of the steps at the tests. Formulas: docs/method.md, "Lag".
#pragma once

#include <optional>

#include "analyze/power/curve.h"
#include "model/recording.h"

namespace pw {

// How far a channel's curve is behind the tests; below zero: ahead.
struct SensorLag {
  Seconds lag;
  Seconds uncertainty;
  bool significant() const { return lag.value > uncertainty.value || -lag.value > uncertainty.value; }
};

// From the first execution's begin after an idle window, and the last one's end before one. Nothing where
// neither step stands out.
std::optional<SensorLag> sensor_lag(const Recording& recording, const Curve& watts);

// The curve's delay: as it is, or what the lag makes of it where that is more.
Seconds delay_of(const Curve& curve, const std::optional<SensorLag>& lag);

// The lag of the second curve behind the first where both show the same changes best; nothing where the
// correlation stays below 0.8.
std::optional<Seconds> lag_between(const Curve& first, const Curve& second);

}  // namespace pw
