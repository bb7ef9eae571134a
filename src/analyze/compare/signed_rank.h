// SPDX-License-Identifier: GPL-3.0-or-later
// Wilcoxon's test of paired samples, and the shift that it estimates (Hodges and Lehmann 1963).
#pragma once

#include <optional>
#include <span>

#include "analyze/statistics/bootstrap.h"

namespace pw {

// Of the differences of pairs. Two-sided; zeros are left out, ties have midranks; exact up to 50 differences,
// else the normal approximation. 1 where all are 0.
double signed_rank_p(std::span<const double> differences);

// The median of the means of all pairs of differences, each with itself, too. Of more than 1,000 differences
// as many quantiles stand for them.
double pseudo_median(std::span<const double> differences);

// Of that median, from the ranks. Nothing where there are too few differences for `level`: 0.95 wants 6.
std::optional<Interval> pseudo_median_interval(std::span<const double> differences, double level);

}  // namespace pw
