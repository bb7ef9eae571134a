// SPDX-License-Identifier: GPL-3.0-or-later
// How late a sensor shows what happened, out of the steps at the tests. Formulas: docs/method.md, "Lag".
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analyze/power/curve.h"
#include "model/recording.h"

namespace pw {

// Time between two executions, `next` the second of them: an index of Recording::executions.
struct Pause {
  Seconds begin, end;  // since the start of the recording
  std::size_t next;
};
// Whether no command around the tests ran meanwhile.
bool idle_between(const Recording& recording, Nanoseconds begin, Nanoseconds end);

// Of `least` or more, and idle.
std::vector<Pause> pauses(const Recording& recording, Seconds least);

// How far a channel's curve is behind the tests; below zero: ahead.
struct SensorLag {
  Seconds lag;
  Seconds uncertainty;
  Seconds smear = {};  // over how long the steps are seen to be spread; 0: less than two readings
  bool significant() const { return lag.value > uncertainty.value || -lag.value > uncertainty.value; }
};

// From the executions' begins and ends next to idle windows and to pauses. Nothing where no step stands out.
std::optional<SensorLag> sensor_lag(const Recording& recording, const Curve& watts);

// What `lag` says of the curve: its lag (of watts), delay and smear.
void use_lag(Curve& curve, ChannelKind kind, const std::optional<SensorLag>& lag);

// The lag of the second curve behind the first where both show the same changes best; nothing where the
// correlation stays below 0.8.
std::optional<Seconds> lag_between(const Curve& first, const Curve& second);

}  // namespace pw
