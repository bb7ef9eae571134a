// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/variant_comparison.h"

#include <utility>

#include "analyze/compare/variant_choice.h"

namespace pw {
namespace {

struct BothSides {
  std::span<const Explanation> before, after;
};

// One decision over the rows of all of them.
VariantComparisons compare_all(std::span<const BothSides> all, const CompareOptions& options) {
  std::vector<CompareInput> inputs;
  std::vector<std::size_t> rows;
  for (const BothSides& sides : all) {
    const std::vector<CompareInput> own = compare_inputs(sides.before, sides.after, options);
    rows.push_back(own.size());
    inputs.insert(inputs.end(), own.begin(), own.end());
  }
  const Decided decided = decide(inputs, options.rules);
  VariantComparisons result;
  result.by_chance = decided.by_chance;
  auto row = decided.rows.begin();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto end = row + static_cast<std::ptrdiff_t>(rows[i]);
    result.all.push_back(
        comparison_of(all[i].before, all[i].after, options, Decided{decided.basis, {row, end}, 0}));
    row = end;
  }
  result.means = geometric_means(result.all);
  return result;
}

}  // namespace

VariantComparisons compare_variants(const Experiment& experiment, std::span<const Explanation> variants,
                                    std::span<const std::size_t> references, CompareOptions options) {
  options = options_of_variants(experiment, std::move(options));
  if (const auto rule = decision_rule(experiment)) {
    if (options.rows.empty()) options.rows = {rule->quantity};
    if (!options.width_is_given) options.rules.same_within = rule->within;
  }
  std::vector<BothSides> all;
  std::vector<std::size_t> compared;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    if (references[i] == i) continue;
    compared.push_back(i);
    all.push_back({variants.subspan(references[i], 1), variants.subspan(i, 1)});
  }
  VariantComparisons result = compare_all(all, options);
  for (std::size_t k = 0; k < compared.size(); ++k) {
    const Variant& variant = experiment.variants[compared[k]];
    const Variant& reference = experiment.variants[references[compared[k]]];
    result.all[k].variant = variant.label;
    result.all[k].reference = reference.label;
    result.all[k].other_values = other_values(reference, variant);
  }
  return result;
}

VariantComparisons compare_matched(std::span<const MatchedVariant> variants, const CompareOptions& options) {
  std::vector<BothSides> all;
  std::vector<std::string> labels, unmatched;
  for (const MatchedVariant& one : variants) {
    const bool both = !one.before.empty() && !one.after.empty();
    (both ? labels : unmatched).push_back(one.label);
    if (both) all.push_back({one.before, one.after});
  }
  VariantComparisons result = compare_all(all, options);
  for (std::size_t i = 0; i < labels.size(); ++i) result.all[i].variant = labels[i];
  result.unmatched = std::move(unmatched);
  return result;
}

}  // namespace pw
