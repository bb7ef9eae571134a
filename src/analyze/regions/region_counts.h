// SPDX-License-Identifier: GPL-3.0-or-later
// What events counted in regions, over the tests.
#pragma once

#include <vector>

#include "analyze/regions/region_row.h"
#include "model/recording.h"

namespace pw {

// Into RegionRow::counts, by event. What an execution did not mark counted 0 in it, where it marked anything.
void add_counts(std::vector<RegionRow>& rows, const Recording& recording);

}  // namespace pw
