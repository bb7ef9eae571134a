// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analyze/regions/region_analysis.h"
#include "report/text/page.h"

namespace pw {

// Which peaks stand above the regions, of how many threads and how that is known; or why there are none.
void add_region_roofs(Page& page, const Recording& recording, const RegionAnalysis& regions);

}  // namespace pw
