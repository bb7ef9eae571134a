// SPDX-License-Identifier: GPL-3.0-or-later
// A sensor of watts that stands still. Rule: docs/method.md, "Status".
#pragma once

#include <optional>

#include "analyze/power/curve.h"
#include "model/recording.h"

namespace pw {

// An execution that goes on for longer than so many periods with one value is not seen by it.
inline constexpr double kStoppedPeriods = 6;

// Since when it shows one value, where it had followed the tests before and then did not.
std::optional<Seconds> stopped_since(const Recording& recording, const Curve& watts);

}  // namespace pw
