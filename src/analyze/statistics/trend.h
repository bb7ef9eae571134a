// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace pw {

inline constexpr std::size_t kLeastForTrend = 5;

struct Trend {
  int s = 0;         // Mann-Kendall: pairs that rise minus pairs that fall
  double p = 1;      // two-sided: how likely so many are where the order means nothing
  double slope = 0;  // Sen's, where it is significant: the median slope of all pairs, per unit of `at`
  bool significant() const { return p < 0.01; }
};

// Of values at rising times. Nothing for fewer than kLeastForTrend; of more than 2000, every second, third,
// ... is looked at. Sources: docs/method.md.
std::optional<Trend> trend(std::span<const double> at, std::span<const double> values);

}  // namespace pw
