// SPDX-License-Identifier: GPL-3.0-or-later
// Where a series changes its level: E-divisive (Matteson and James, JASA 109, 2014), with which MongoDB (Daly
// and others, ICPE 2020) and Hunter, now Apache Otava (Fleming and others, ICPE 2023), look at histories of
// benchmarks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pw {

inline constexpr std::size_t kLeastSegment = 3;
inline constexpr std::size_t kLeastForChange = 9;  // fewer values cannot show a change at 1 %

struct ChangePoint {
  std::size_t at = 0;  // the first value of the new level
  double p = 1;        // of 999 permutations of its segment
};

// Ascending. A series is divided where the energy statistic is greatest as long as its permutation test gives
// p <= `alpha`: that is the rate of false alarms of a series of independent values. The same in every run.
std::vector<ChangePoint> change_points(std::span<const double> values, double alpha = 0.01);

}  // namespace pw
