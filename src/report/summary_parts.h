// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of summary(), each of which adds itself to a page.
#pragma once

#include <span>

#include "model/energy.h"
#include "model/recording.h"
#include "report/page.h"

namespace pw {

void add_head(Page& page, const Recording& recording);
void add_time(Page& page, const Recording& recording);
void add_counters(Page& page, const Recording& recording);
void add_parts(Page& page, const Recording& recording);
void add_metrics(Page& page, const Recording& recording);
void add_spread(Page& page, const Recording& recording);
void add_power(Page& page, const Recording& recording, std::span<const EnergyRow> energy);
void add_captures(Page& page, const Recording& recording);
void add_failures(Page& page, const Recording& recording);
void add_not_measured(Page& page, const Recording& recording);
void add_warnings(Page& page, const Recording& recording);

}  // namespace pw
