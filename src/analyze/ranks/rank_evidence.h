// SPDX-License-Identifier: GPL-3.0-or-later
// What was recorded of a rank that stands apart, against the median rank.
#pragma once

#include <vector>

#include "analyze/ranks/rank_values.h"

namespace pw {

inline constexpr const char* kRankWall = "wall time";
inline constexpr const char* kRankCpu = "cpu time";

// Of an analysis that has all but these; the furthest apart first.
std::vector<OddRank> odd_ranks(const Recording& recording, const RankAnalysis& analysis);

}  // namespace pw
