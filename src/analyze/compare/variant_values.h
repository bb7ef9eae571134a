// SPDX-License-Identifier: GPL-3.0-or-later
// What the variants of a recording are compared by beside each other: per item where there are items.
#pragma once

#include <cstddef>
#include <optional>

#include "analyze/analysis.h"
#include "analyze/compare/comparison.h"
#include "analyze/compare/quantities.h"
#include "model/recording.h"

namespace pw {

struct VariantValues {
  ComparableQuantity elapsed, net;
};

// `channel`: whose net energy it is, where there is one.
VariantValues variant_values(const Recording& view, const Analysis& one,
                             const std::optional<std::size_t>& channel);

// Of two variants: less is better.
CompareInput input_of_variants(const ComparableQuantity& reference, const ComparableQuantity& other,
                               const CompareOptions& options);

}  // namespace pw
