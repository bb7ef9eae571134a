// SPDX-License-Identifier: GPL-3.0-or-later
// One channel of a recording, for tests.
#pragma once

#include <vector>

#include "analyze/power/curve.h"
#include "analyze/power/energy.h"
#include "analyze/power/idle.h"
#include "analyze/power/lag.h"

namespace pw::test {

inline ChannelCurves channel_curves(const Recording& recording, std::size_t channel) {
  return {recording, channel};
}

inline Curve curve_of(const Recording& recording, std::size_t channel) {
  return channel_curves(recording, channel).own;
}

inline IdleLevels idle_levels(const Recording& recording, std::size_t channel) {
  ChannelCurves curves = channel_curves(recording, channel);
  return idle_levels(recording, curves.watts());
}

// Of the first channel.
inline std::vector<EnergyRow> energy_rows(const Recording& recording) {
  ChannelCurves curves = channel_curves(recording, 0);
  use_lag(curves.own, recording.channels[0].kind, sensor_lag(recording, curves.watts()));
  const IdleLevels idle = idle_levels(recording, curves.watts());
  return energy_rows(recording, {0, curves.own, idle});
}

}  // namespace pw::test
