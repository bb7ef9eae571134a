// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/rank_sum.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/distributions.h"

namespace pw {
namespace {

constexpr std::size_t kExact = 30, kExactTies = 12, kMost = 1000;

// How many of the orders of n and m values have that Mann-Whitney U, as a part of all.
std::vector<double> u_distribution(std::size_t n, std::size_t m) {
  std::vector<double> parts(n * m + 1, 0);
  parts[0] = 1;
  for (std::size_t i = 1; i <= n; ++i) {  // times (1 - x^(m + i)) / (1 - x^i)
    for (std::size_t k = parts.size(); k-- > m + i;) parts[k] -= parts[k - m - i];
    for (std::size_t k = i; k < parts.size(); ++k) parts[k] += parts[k - i];
  }
  double all = 0;
  for (const double part : parts) all += part;
  for (double& part : parts) part /= all;
  return parts;
}

struct Ranks {
  std::vector<std::size_t> doubled;  // midranks times two, in ascending order
  double sum = 0;                    // of the first sample's midranks
  double ties = 0;                   // sum of t^3 - t over groups of equal values
};

Ranks ranks_of(std::span<const double> one, std::span<const double> other) {
  std::vector<std::pair<double, bool>> all;
  for (const double value : one) all.emplace_back(value, true);
  for (const double value : other) all.emplace_back(value, false);
  std::ranges::sort(all);
  Ranks ranks;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].first == all[begin].first) ++end;
    const auto size = static_cast<double>(end - begin);
    ranks.ties += size * size * size - size;
    for (std::size_t i = begin; i < end; ++i) {
      ranks.doubled.push_back(begin + end + 1);
      if (all[i].second) ranks.sum += static_cast<double>(begin + end + 1) / 2;
    }
    begin = end;
  }
  return ranks;
}

double exact_p(double u, std::size_t n, std::size_t m) {
  const std::vector<double> parts = u_distribution(n, m);
  const double least = std::min(u, static_cast<double>(n * m) - u);
  double below = 0;
  for (std::size_t k = 0; k < parts.size() && static_cast<double>(k) <= least + 1e-9; ++k) below += parts[k];
  return std::min(1.0, 2 * below);
}

// Over all choices of n of the midranks.
double exact_p_of_ties(const Ranks& ranks, std::size_t n) {
  std::size_t all = 0;
  for (const std::size_t rank : ranks.doubled) all += rank;
  std::vector<std::vector<double>> ways(n + 1, std::vector<double>(all + 1, 0));
  ways[0][0] = 1;
  for (const std::size_t rank : ranks.doubled)
    for (std::size_t i = n; i-- > 0;)
      for (std::size_t sum = all + 1 - rank; sum-- > 0;) ways[i + 1][sum + rank] += ways[i][sum];
  const double middle =
      static_cast<double>(n) * static_cast<double>(all) / static_cast<double>(ranks.doubled.size());
  const double off = std::abs(2 * ranks.sum - middle);
  double total = 0, far = 0;
  for (std::size_t sum = 0; sum <= all; ++sum) {
    total += ways[n][sum];
    if (std::abs(static_cast<double>(sum) - middle) >= off - 1e-9) far += ways[n][sum];
  }
  return far / total;
}

double normal_p(const Ranks& ranks, double u, double n, double m) {
  const double all = n + m;
  const double variance = n * m / 12 * (all + 1 - ranks.ties / (all * (all - 1)));
  if (variance <= 0) return 1;
  return normal_two_sided(std::max(0.0, std::abs(u - n * m / 2) - 0.5) / std::sqrt(variance));
}

std::vector<double> thinned(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  if (sorted.size() <= kMost) return sorted;
  std::vector<double> few;
  for (std::size_t i = 0; i < kMost; ++i) few.push_back(sorted[(2 * i + 1) * sorted.size() / (2 * kMost)]);
  return few;
}

std::vector<double> differences(std::span<const double> one, std::span<const double> other) {
  const std::vector<double> first = thinned(one), second = thinned(other);
  std::vector<double> all;
  all.reserve(first.size() * second.size());
  for (const double a : first)
    for (const double b : second) all.push_back(b - a);
  std::ranges::sort(all);
  return all;
}

// How many of the least and of the greatest differences lie outside; nothing: too few values.
std::optional<std::size_t> outside(std::size_t n, std::size_t m, double level) {
  const double tail = (1 - level) / 2;
  if (n > kExact || m > kExact) {
    const double size = static_cast<double>(n) * static_cast<double>(m);
    const double z = normal_quantile(1 - tail);
    const double k = size / 2 - z * std::sqrt(size * static_cast<double>(n + m + 1) / 12) - 0.5;
    return k >= 0 ? std::optional(static_cast<std::size_t>(k)) : std::nullopt;
  }
  const std::vector<double> parts = u_distribution(n, m);
  double below = 0;
  std::size_t k = 0;
  while (k < parts.size() && below + parts[k] <= tail + 1e-12) below += parts[k++];
  return k > 0 ? std::optional(k - 1) : std::nullopt;
}

}  // namespace

double rank_sum_p(std::span<const double> one, std::span<const double> other) {
  const std::size_t n = one.size(), m = other.size();
  if (n == 0 || m == 0) return 1;
  const Ranks ranks = ranks_of(one, other);
  const double u = ranks.sum - static_cast<double>(n) * static_cast<double>(n + 1) / 2;
  const std::size_t most = std::max(n, m);
  if (ranks.ties == 0 && most <= kExact) return exact_p(u, n, m);
  if (ranks.ties > 0 && most <= kExactTies) return exact_p_of_ties(ranks, n);
  return normal_p(ranks, u, static_cast<double>(n), static_cast<double>(m));
}

double shift_of(std::span<const double> one, std::span<const double> other) {
  const std::vector<double> all = differences(one, other);
  if (all.empty()) return 0;
  return (all[(all.size() - 1) / 2] + all[all.size() / 2]) / 2;
}

std::optional<Interval> shift_interval(std::span<const double> one, std::span<const double> other,
                                       double level) {
  if (one.empty() || other.empty()) return std::nullopt;
  const std::vector<double> all = differences(one, other);
  const auto k = outside(std::min(one.size(), kMost), std::min(other.size(), kMost), level);
  if (!k) return std::nullopt;
  return Interval{all[*k], all[all.size() - 1 - *k]};
}

}  // namespace pw
