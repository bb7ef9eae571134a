// SPDX-License-Identifier: GPL-3.0-or-later
// What show prints of the ranks of a job.
#pragma once

#include <string>

#include "analyze/ranks/rank_analysis.h"
#include "report/text/page.h"

namespace pw {

// Each quantity over the ranks, the nodes, the ranks that stand apart, those that are missing; "" where there
// are no ranks.
std::string ranks_section(const Recording& recording, const RankAnalysis& analysis, const TextStyle& style);

// A line a rank.
std::string ranks_table(const Recording& recording, const RankAnalysis& analysis, const TextStyle& style);

}  // namespace pw
