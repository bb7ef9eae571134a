// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/energy.h"
#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

// One row per execution of a test and channel; failed executions too. `lags`: sensor_lags().
std::vector<EnergyRow> energy_rows(const Recording& recording,
                                   std::span<const std::optional<SensorLag>> lags);

}  // namespace pw
