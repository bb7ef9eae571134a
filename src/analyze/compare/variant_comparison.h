// SPDX-License-Identifier: GPL-3.0-or-later
// The variants of one recording, each compared with its reference.
#pragma once

#include <span>
#include <vector>

#include "analyze/compare/comparison.h"

namespace pw {

struct VariantComparisons {
  std::vector<Comparison> all;  // in the order of the variants, but for those that are references
  int by_chance = 0;            // Decided's, of all rows together
};

// `variants`: of each variant of `experiment` what VariantViews has, and its Analysis; `references`:
// variant_references(). What may go wrong is held down over the rows of all of them together.
VariantComparisons compare_variants(const Experiment& experiment, std::span<const Explanation> variants,
                                    std::span<const std::size_t> references, CompareOptions options);

}  // namespace pw
