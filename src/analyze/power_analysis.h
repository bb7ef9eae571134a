// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

// Energy, lags, cross-checks and validity of a recording.
PowerAnalysis analyze_power(const Recording& recording);

}  // namespace pw
