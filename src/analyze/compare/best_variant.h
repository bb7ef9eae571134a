// SPDX-License-Identifier: GPL-3.0-or-later
// Which variant takes least time and energy, and how sure that is.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analyze/compare/decide.h"
#include "analyze/compare/variant_values.h"

namespace pw {

struct BestVariant {
  std::size_t index = 0;            // of the least mean
  std::size_t next = 0;             // the one that comes closest to it
  ComparedRow row;                  // of the next against it: a ratio above 1
  std::vector<std::size_t> rivals;  // that it is not told from
  bool all_same = false;            // all of them are the same within what is as good as equal
};

struct BestVariants {
  std::optional<BestVariant> time, energy;  // nothing: fewer than two variants have a value
};

// The one with the least mean against each other one by itself: it is best where all of them are told from
// it, so that each may be tested at the whole 5 % (of time and energy together).
BestVariants best_variants(std::span<const VariantValues> variants, const CompareOptions& options);

}  // namespace pw
