// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "model/recording.h"

namespace pw {

// Of a job's execution, what its ranks tell of the whole: the sums of their readings and of what they used,
// and the largest max_rss. A sum that lacks a rank is `not-counted`, with the reason; of what was used it is
// then that of the others. `events`: what ranks count; readings of others stay.
void add_rank_sums(Execution& execution, std::span<const int> events);

}  // namespace pw
