// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paired_evidence.h"

#include <cmath>
#include <limits>

#include "base/mean_interval.h"

namespace pw {
namespace {

constexpr double kDiffers = 20, kOutside = 10;  // 1 / alpha: of 5 %, and of either of two one-sided 5 %

}  // namespace

double paired_evidence(std::span<const double> differences) {
  const MeanInterval all = mean_interval(differences);
  if (all.n < 2) return 0;
  if (all.deviation == 0) return all.mean == 0 ? 0 : std::numeric_limits<double>::infinity();
  const double n = all.n, freedom = n - 1;
  const double t2 = n * std::pow(all.mean / all.deviation, 2);
  const double grown = std::log1p(t2 / freedom) - std::log1p(t2 / (freedom * (1 + n)));
  return std::exp(n / 2 * grown - std::log1p(n) / 2);
}

// What paired_evidence says, solved for t.
std::optional<MeanRange> means_below_evidence(std::span<const double> differences, double most) {
  const MeanInterval all = mean_interval(differences);
  if (all.n < 2) return std::nullopt;
  const double n = all.n;
  const double factor = std::exp(2 / n * (std::log(most) + std::log1p(n) / 2));
  const double spare = 1 - factor / (1 + n);
  if (spare <= 0) return std::nullopt;
  const double t = std::sqrt((n - 1) * (factor - 1) / spare);
  const double half = t * all.deviation / std::sqrt(n);
  return MeanRange{all.mean - half, all.mean + half};
}

PairDecision decide_pairs(std::span<const double> log_ratios, double within, int comparisons) {
  if (log_ratios.size() < kLeastPairs) return PairDecision::open;
  if (paired_evidence(log_ratios) >= kDiffers * comparisons) return PairDecision::differs;
  const auto range = means_below_evidence(log_ratios, kOutside * comparisons);
  const double bound = std::log1p(within);
  return range && range->low > -bound && range->high < bound ? PairDecision::same : PairDecision::open;
}

}  // namespace pw
