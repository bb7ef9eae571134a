// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "counters/plan/pass_search.h"

namespace pw {

// The fewest sets that cover the items 0..count-1 so that fits(set) holds for each. Exact up to kExactItems
// items (branch and bound over maximal sets) and then, where a set of `even_up_to` items can be the largest,
// those whose largest is smallest; else the first sets hold what fits in the order of the items. Beyond
// kExactItems a search that may take more sets than needed, and is known not to where it finds at_least. Sets
// are sorted, and ordered by their first item.
inline constexpr int kExactItems = 12;
PassSearch search_passes(int count, const Fits& fits, int even_up_to = kExactItems);

inline Sets fewest_passes(int count, const Fits& fits) { return search_passes(count, fits).sets; }

}  // namespace pw
