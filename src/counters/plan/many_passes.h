// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "counters/plan/pass_search.h"

namespace pw {

// For more items than can be searched through: asks for each pair, starts from the largest group found of
// which no two fit (each needs a set of its own, so there are at least as many), and puts the rest one by
// one, that with the fewest sets left to it first, into the smallest set that takes it.
PassSearch search_many(int count, const Fits& fits);

}  // namespace pw
