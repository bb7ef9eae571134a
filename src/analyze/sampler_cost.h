// SPDX-License-Identifier: GPL-3.0-or-later
// What reading the sensors cost the machine. Formulas: docs/method.md.
#pragma once

#include <span>
#include <vector>

#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

// One per source. `energy`: that of the executions.
std::vector<SamplerCost> sampler_costs(const Recording& recording, std::span<const EnergyRow> energy);

}  // namespace pw
