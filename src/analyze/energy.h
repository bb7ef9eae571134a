// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/energy.h"
#include "model/recording.h"

namespace pw {

// One row per execution of a test and channel; failed executions too.
std::vector<EnergyRow> energy_rows(const Recording& recording);

}  // namespace pw
