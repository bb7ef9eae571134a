// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/statistics/change_points.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <utility>

namespace pw {
namespace {

constexpr int kPermutations = 999;

struct BestSplit {
  std::size_t at = 0;
  double energy = -1;
};

// Sums of |x - y| within the two parts of a segment, and between them, as the border moves to the right.
class Divergence {
 public:
  explicit Divergence(std::span<const double> values) : values_(values) {
    for (std::size_t i = 0; i < values.size(); ++i) right_ += distances(i, i + 1, values.size());
  }

  void move_border() {
    const double to_left = distances(border_, 0, border_);
    const double to_right = distances(border_, border_ + 1, values_.size());
    left_ += to_left;
    right_ -= to_right;
    between_ += to_right - to_left;
    ++border_;
  }

  // Matteson and James' Q with exponent 1.
  double energy() const {
    const auto n = static_cast<double>(border_), m = static_cast<double>(values_.size() - border_);
    return n * m / (n + m) *
           (2 * between_ / (n * m) - 2 * left_ / (n * (n - 1)) - 2 * right_ / (m * (m - 1)));
  }

 private:
  double distances(std::size_t of, std::size_t begin, std::size_t end) const {
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += std::abs(values_[i] - values_[of]);
    return sum;
  }

  std::span<const double> values_;
  std::size_t border_ = 0;
  double left_ = 0, right_ = 0, between_ = 0;
};

BestSplit best_split(std::span<const double> values) {
  Divergence divergence(values);
  BestSplit best;
  for (std::size_t at = 1; at + kLeastSegment <= values.size(); ++at) {
    divergence.move_border();
    if (at >= kLeastSegment && divergence.energy() > best.energy) best = {at, divergence.energy()};
  }
  return best;
}

// Fisher and Yates: std::shuffle is another one in each library.
void permute(std::vector<double>& values, std::mt19937_64& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random() % i]);
}

// Of the split, where it is `alpha` or less.
std::optional<double> permutation_p(std::span<const double> values, double energy, double alpha) {
  std::mt19937_64 random(1);
  std::vector<double> permuted(values.begin(), values.end());
  int as_great = 0;
  for (int i = 0; i < kPermutations; ++i) {
    permute(permuted, random);
    as_great += best_split(permuted).energy >= energy * (1 - 1e-9);
    if (as_great + 1 > alpha * (kPermutations + 1)) return std::nullopt;
  }
  return (as_great + 1.0) / (kPermutations + 1);
}

void divide(std::span<const double> values, std::size_t first, double alpha,
            std::vector<ChangePoint>& found) {
  if (values.size() < kLeastForChange) return;
  const BestSplit best = best_split(values);
  if (best.energy <= 0) return;
  const auto p = permutation_p(values, best.energy, alpha);
  if (!p) return;
  divide(values.first(best.at), first, alpha, found);
  found.push_back({first + best.at, *p});
  divide(values.subspan(best.at), first + best.at, alpha, found);
}

}  // namespace

std::vector<ChangePoint> change_points(std::span<const double> values, double alpha) {
  std::vector<ChangePoint> found;
  divide(values, 0, alpha, found);
  return found;
}

}  // namespace pw
