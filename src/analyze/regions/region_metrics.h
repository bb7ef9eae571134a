// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of data/events in regions, over the tests.
#pragma once

#include <cstddef>
#include <vector>

#include "analyze/regions/region_row.h"
#include "model/recording.h"

namespace pw {

// Of how many regions metrics are made, those that took longest; the others' say so.
inline constexpr std::size_t kMetricRegions = 4096;

// Into RegionRow::metrics: each metric that the events which marks counted give for some region, in the order
// of the metrics' files. Its `seconds` are the region's, of all threads together. After add_counts().
void add_metrics(std::vector<RegionRow>& rows, const Recording& recording);

}  // namespace pw
