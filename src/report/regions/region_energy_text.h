// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analyze/regions/region_analysis.h"
#include "report/text/page.h"

namespace pw {

// How the energy of regions was got, how the whole divides, and what cannot be told.
void add_region_energy(Page& page, const Recording& recording, const RegionAnalysis& regions);

}  // namespace pw
