// SPDX-License-Identifier: GPL-3.0-or-later
// The variants of one recording, each compared with its reference; or of recordings before and after, each
// with itself.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyze/compare/comparison.h"
#include "analyze/compare/geometric_mean.h"

namespace pw {

struct VariantComparisons {
  std::vector<Comparison> all;  // in the order of the variants, but for those that are references
  int by_chance = 0;            // Decided's, of all rows together
  std::vector<GeometricMean> means;
  std::vector<std::string> unmatched;  // labels that one side has alone
};

// `variants`: of each variant of `experiment` what VariantViews has, and its Analysis; `references`:
// variant_references(). What may go wrong is held down over the rows of all of them together.
VariantComparisons compare_variants(const Experiment& experiment, std::span<const Explanation> variants,
                                    std::span<const std::size_t> references, CompareOptions options);

// What has one label, of recordings before and after.
struct MatchedVariant {
  std::string label;
  std::vector<Explanation> before, after;
};
// Of those that both sides have; likewise.
VariantComparisons compare_matched(std::span<const MatchedVariant> variants, const CompareOptions& options);

}  // namespace pw
