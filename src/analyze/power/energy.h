// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "analyze/power/curve.h"
#include "analyze/power/energy_row.h"
#include "analyze/power/idle.h"
#include "model/recording.h"

namespace pw {

// What is known of a channel before its energy is.
struct EnergyInput {
  std::size_t channel;
  const Curve& curve;  // its own, watts or cumulative joules, with the delay that its lag makes of it
  const IdleLevels& idle;
};

// One row per execution of a test; failed executions too.
std::vector<EnergyRow> energy_rows(const Recording& recording, const EnergyInput& input);

}  // namespace pw
