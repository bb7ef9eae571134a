// SPDX-License-Identifier: GPL-3.0-or-later
// Wilcoxon's test of two samples, and the shift that it estimates (Hodges and Lehmann 1963).
#pragma once

#include <optional>
#include <span>

#include "analyze/statistics/bootstrap.h"

namespace pw {

// Two-sided; exact up to 30 values a side without ties, or 12 with: else the normal approximation with the
// corrections for ties and continuity. 1 where a side has no value.
double rank_sum_p(std::span<const double> one, std::span<const double> other);

// The median of all differences other - one. Of more than 1,000 values a side as many quantiles stand for
// them.
double shift_of(std::span<const double> one, std::span<const double> other);

// Of that shift, from the ranks of the differences. Nothing where there are too few values for `level`: 0.95
// wants 1 - 2 / C(n + m, n) or more.
std::optional<Interval> shift_interval(std::span<const double> one, std::span<const double> other,
                                       double level);

}  // namespace pw
