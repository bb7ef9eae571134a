// SPDX-License-Identifier: GPL-3.0-or-later
// Evidence that grows with each pair and may be looked at after every one. Formulas: docs/method.md, "Until
// it is decided".
#pragma once

#include <optional>
#include <span>

namespace pw {

// How many times as likely differences with this mean are than such whose mean is 0: of Student's t of their
// mean, a mixture over normal means of the size of one deviation. Above 1 / alpha with chance alpha at most,
// at any time, where the true mean is 0. 0 below two differences; infinite where all are the same and not 0.
double paired_evidence(std::span<const double> differences);

// The means whose evidence against them is below `most`; nothing where that is all of them.
struct MeanRange {
  double low, high;
};
std::optional<MeanRange> means_below_evidence(std::span<const double> differences, double most);

enum class PairDecision { open, differs, same };

// Of the logarithms of ratios: whether the ratio differs from 1, or lies within 1 ± `within`. From five on;
// false with chance 5 % at most over all `comparisons` that share a run.
PairDecision decide_pairs(std::span<const double> log_ratios, double within, int comparisons);
inline constexpr int kLeastPairs = 5;

}  // namespace pw
