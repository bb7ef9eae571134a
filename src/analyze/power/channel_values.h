// SPDX-License-Identifier: GPL-3.0-or-later
// Power and energy of a channel over the tests.
#pragma once

#include <optional>
#include <span>

#include "analyze/power/energy_row.h"
#include "analyze/power/run_total.h"
#include "analyze/series/measurand.h"
#include "model/recording.h"

namespace pw {

// A test's value is the mean over its passes that count.
struct ChannelValues {
  Measurand mean;          // W
  Measurand peak;          // W; instantaneous channels
  Measurand gross, net;    // J
  Measurand gross_error;   // J: the sensor's uncertainty of one execution, 95 %
  Measurand net_error;     // J
  Measurand energy_delay;  // J s
};

// Of the rows of one channel. `total`: of its run, where the sensor spreads the tests over each other: the
// means come from it where it is surer than the tests, or these cannot be resolved.
ChannelValues channel_values(const Recording& recording, std::span<const EnergyRow> energy,
                             const std::optional<RunTotal>& total = {});

// The rows of executions that count.
std::vector<const EnergyRow*> counted_rows(const Recording& recording, std::span<const EnergyRow> energy);

}  // namespace pw
