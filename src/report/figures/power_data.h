// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind a power figure, as CSV.
#pragma once

#include <span>
#include <string>

#include "analyze/power/energy_row.h"
#include "analyze/power/power_line.h"
#include "model/recording.h"

namespace pw {

std::string csv_of(const PowerLine& line);  // time_s,watts,least,most; an empty line breaks the curve

// The executions, warm-ups (test 0) included: test,pass,begin_s,end_s,mean_w. `energy`: of one channel.
std::string executions_csv(const Recording& recording, std::span<const EnergyRow> energy);

std::string failed_csv(const PowerLine& line);  // time_s of each reading that failed

}  // namespace pw
