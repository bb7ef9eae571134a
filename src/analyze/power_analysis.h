// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

// Of every channel over every execution: all that a chart needs.
std::vector<EnergyRow> analyze_energy(const Recording& recording);

// Energy, lags, cross-checks and validity of a recording.
PowerAnalysis analyze_power(const Recording& recording);

}  // namespace pw
