// SPDX-License-Identifier: GPL-3.0-or-later
// What no sensor can truly tell: more is a fault of it. And what is not left to chance.
#pragma once

#include "base/units.h"

namespace pw {

inline constexpr Watts kMostWatts{1e7};         // of a meter, of a rack or a hall for one
inline constexpr Watts kMostMachineWatts{1e6};  // of a machine, by its own sensors
inline constexpr Watts kMostSensorWatts{1e4};   // of a board
inline constexpr Watts kLeastMachineWatts{1};   // of a machine that is on

// More than that is believed only of what has been seen to draw it (power/reader/power_cap).
inline constexpr Watts kLikelyMachineWatts{2e4};
inline constexpr Watts kLikelySensorWatts{1e3};  // of a socket, a board, a rail

// Counters of energy that are cheap to read are read that often at least, in Hz: none goes around unseen.
inline constexpr double kLeastCounterHz = 1;

}  // namespace pw
