// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analyze/compare/comparison.h"
#include "report/drawing/figure.h"

namespace pw {

// A forest plot: each quantity's ratio with its interval, and the band of what is as good as equal.
Figure comparison_figure(const Comparison& comparison);

}  // namespace pw
