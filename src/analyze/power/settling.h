// SPDX-License-Identifier: GPL-3.0-or-later
// Power that falls to its idle level. Formulas: docs/method.md, "Idle".
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "base/units.h"

namespace pw {

struct TimedWatts {
  double seconds = 0;
  double watts = 0;
};

// watts = level + height · exp(-(t - first t) / time)
struct Settling {
  double level = 0;   // W
  double height = 0;  // W, above 0
  Seconds time;
  double level_variance = 0;  // of the level, in variances of one value that is independent of the others
};

// How many of the first values are a level above that of the rest, where two levels fit much better than a
// fall: what still ran. 0: they do not.
std::size_t still_above(std::span<const TimedWatts> values);

// The best fit, where it leaves 30 % less than a constant does. `values`: in the order of time.
std::optional<Settling> settling_of(std::span<const TimedWatts> values);

}  // namespace pw
