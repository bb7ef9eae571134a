// SPDX-License-Identifier: GPL-3.0-or-later
// What show prints of the ranks of a job.
#pragma once

#include <string>

#include "analyze/ranks/rank_analysis.h"
#include "base/result.h"
#include "report/text/page.h"

namespace pw {

// Each quantity over the ranks, the nodes, the ranks that stand apart, those that are missing; "" where there
// are no ranks.
std::string ranks_section(const Recording& recording, const RankAnalysis& analysis, const TextStyle& style);

// Which ranks, and in which order.
struct RankChoice {
  std::size_t top = 0;  // only the first so many; 0: all
  std::string sort;  // "": by rank; "apart": the furthest from the median first; else a quantity, most first
};

// A line a rank. Fails where there is no such quantity.
Result<std::string> ranks_table(const Recording& recording, const RankAnalysis& analysis,
                                const RankChoice& choice, const TextStyle& style);

}  // namespace pw
