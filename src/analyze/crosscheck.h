// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

// Every pair of channels of the same scope from different sources, in the order of the channels. Formulas:
// docs/method.md, "Cross-check".
std::vector<CrossCheck> cross_checks(const Recording& recording, std::span<const EnergyRow> energy);

}  // namespace pw
