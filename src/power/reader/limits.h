// SPDX-License-Identifier: GPL-3.0-or-later
// What no sensor can truly tell: more is a fault of it.
#pragma once

#include "base/units.h"

namespace pw {

inline constexpr Watts kMostWatts{1e7};        // of a machine, or a rack of them
inline constexpr Watts kMostSensorWatts{1e4};  // of a socket, a board, a rail

}  // namespace pw
