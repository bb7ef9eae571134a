// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison as text and for other programs.
#pragma once

#include <string>

#include "analyze/compare/comparison.h"
#include "analyze/compare/variant_comparison.h"
#include "report/text/page.h"

namespace pw {

// The verdict in a sentence, what is not the same on both sides, a line a quantity.
std::string comparison_text(const Comparison& comparison, const TextStyle& style);

// RFC 4180: variant,quantity,unit,old_median,new_median,ratio,ci95_low,ci95_high,p,verdict,basis,reason.
std::string comparison_csv(const Comparison& comparison);
std::string comparison_markdown(const Comparison& comparison);
// The same names as the CSV; null where a number is unknown.
std::string comparison_json(const Comparison& comparison);

// The same of each variant, one after the other; in JSON as elements of `variants`.
std::string comparison_text(const VariantComparisons& comparisons, const TextStyle& style);
std::string comparison_csv(const VariantComparisons& comparisons);
std::string comparison_markdown(const VariantComparisons& comparisons);
std::string comparison_json(const VariantComparisons& comparisons);

// "elapsed is 20 % less: better." and the like.
std::string verdict_sentence(const Comparison& comparison);

}  // namespace pw
