// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/signed_rank.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "base/distributions.h"

namespace pw {
namespace {

constexpr std::size_t kExactPairs = 50, kMostPairs = 1000;

// How often sums of signed ranks come out, as parts of all signs; `doubled`: ranks times two.
std::vector<double> sums_of_signs(std::span<const std::size_t> doubled) {
  std::vector<double> parts(std::accumulate(doubled.begin(), doubled.end(), std::size_t{1}), 0);
  parts[0] = 1;
  std::size_t reached = 0;
  for (const std::size_t rank : doubled) {
    reached += rank;
    for (std::size_t sum = reached + 1; sum-- > 0;)
      parts[sum] = (parts[sum] + (sum >= rank ? parts[sum - rank] : 0)) / 2;
  }
  return parts;
}

struct SignedRanks {
  std::vector<std::size_t> doubled;  // midranks times two
  std::size_t positive = 0;          // their sum where the difference is positive
};

SignedRanks signed_ranks(std::span<const double> differences) {
  std::vector<double> all;
  for (const double one : differences)
    if (one != 0) all.push_back(one);
  std::ranges::sort(all, {}, [](double one) { return std::abs(one); });
  SignedRanks ranks;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && std::abs(all[end]) == std::abs(all[begin])) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      ranks.doubled.push_back(begin + end + 1);
      if (all[i] > 0) ranks.positive += begin + end + 1;
    }
    begin = end;
  }
  return ranks;
}

double exact_sign_p(const SignedRanks& ranks) {
  const std::vector<double> parts = sums_of_signs(ranks.doubled);
  const std::size_t least = std::min(ranks.positive, parts.size() - 1 - ranks.positive);
  const double below = std::accumulate(parts.begin(), parts.begin() + static_cast<long>(least) + 1, 0.0);
  return std::min(1.0, 2 * below);
}

double normal_sign_p(const SignedRanks& ranks) {
  double sum = 0, squares = 0;
  for (const std::size_t doubled : ranks.doubled) {
    const double rank = static_cast<double>(doubled) / 2;
    sum += rank;
    squares += rank * rank;
  }
  const double off = std::abs(static_cast<double>(ranks.positive) / 2 - sum / 2);
  return normal_two_sided(std::max(0.0, off - 0.5) / std::sqrt(squares / 4));
}

// Sorted, and not too many.
std::vector<double> sorted_pairs(std::span<const double> differences) {
  std::vector<double> sorted(differences.begin(), differences.end());
  std::ranges::sort(sorted);
  if (sorted.size() <= kMostPairs) return sorted;
  std::vector<double> few;
  for (std::size_t i = 0; i < kMostPairs; ++i)
    few.push_back(sorted[(2 * i + 1) * sorted.size() / (2 * kMostPairs)]);
  return few;
}

// Walsh's.
std::vector<double> means_of_pairs(std::span<const double> differences) {
  const std::vector<double> sorted = sorted_pairs(differences);
  std::vector<double> means;
  means.reserve(sorted.size() * (sorted.size() + 1) / 2);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    for (std::size_t k = i; k < sorted.size(); ++k) means.push_back((sorted[i] + sorted[k]) / 2);
  std::ranges::sort(means);
  return means;
}

// How many of the least and of the greatest means lie outside; nothing: too few differences.
std::optional<std::size_t> means_outside(std::size_t n, double level) {
  const double tail = (1 - level) / 2;
  const auto count = static_cast<double>(n);
  if (n > kExactPairs) {
    const double deviation = std::sqrt(count * (count + 1) * (2 * count + 1) / 24);
    const double k = count * (count + 1) / 4 - normal_quantile(1 - tail) * deviation - 0.5;
    return k >= 0 ? std::optional(static_cast<std::size_t>(k)) : std::nullopt;
  }
  std::vector<std::size_t> ranks(n);
  std::iota(ranks.begin(), ranks.end(), std::size_t{1});
  const std::vector<double> parts = sums_of_signs(ranks);
  double below = 0;
  std::size_t k = 0;
  while (k < parts.size() && below + parts[k] <= tail + 1e-12) below += parts[k++];
  return k > 0 ? std::optional(k - 1) : std::nullopt;
}

}  // namespace

double signed_rank_p(std::span<const double> differences) {
  const SignedRanks ranks = signed_ranks(differences);
  if (ranks.doubled.empty()) return 1;
  return ranks.doubled.size() <= kExactPairs ? exact_sign_p(ranks) : normal_sign_p(ranks);
}

double pseudo_median(std::span<const double> differences) {
  const std::vector<double> means = means_of_pairs(differences);
  if (means.empty()) return 0;
  return (means[(means.size() - 1) / 2] + means[means.size() / 2]) / 2;
}

std::optional<Interval> pseudo_median_interval(std::span<const double> differences, double level) {
  if (differences.empty()) return std::nullopt;
  const auto k = means_outside(std::min(differences.size(), kMostPairs), level);
  if (!k) return std::nullopt;
  const std::vector<double> means = means_of_pairs(differences);
  return Interval{means[*k], means[means.size() - 1 - *k]};
}

}  // namespace pw
