// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analyze/ranks/rank_values.h"

namespace pw {

RankAnalysis analyze_ranks(const Recording& recording);

}  // namespace pw
