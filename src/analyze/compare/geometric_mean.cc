// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/geometric_mean.h"

#include <algorithm>
#include <cmath>

namespace pw {
namespace {

GeometricMean& mean_of(std::vector<GeometricMean>& means, const std::string& quantity) {
  const auto at = std::ranges::find(means, quantity, &GeometricMean::quantity);
  return at != means.end() ? *at : means.emplace_back(GeometricMean{quantity, 0, 0});
}

}  // namespace

std::vector<GeometricMean> geometric_means(std::span<const Comparison> comparisons) {
  std::vector<GeometricMean> means;  // of the logarithms, until they are all there
  for (const Comparison& comparison : comparisons)
    for (const ComparedRow& row : comparison.rows) {
      if (!row.named || !row.ratio) continue;
      GeometricMean& mean = mean_of(means, row.quantity);
      mean.ratio += std::log(*row.ratio);
      ++mean.ratios;
    }
  std::erase_if(means, [](const GeometricMean& one) { return one.ratios < 2; });
  for (GeometricMean& one : means) one.ratio = std::exp(one.ratio / static_cast<double>(one.ratios));
  return means;
}

}  // namespace pw
