// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/variant_comparison.h"

#include <iterator>
#include <utility>

#include "analyze/compare/variant_choice.h"

namespace pw {

VariantComparisons compare_variants(const Experiment& experiment, std::span<const Explanation> variants,
                                    std::span<const std::size_t> references, CompareOptions options) {
  options.paired = in_turn(experiment);
  options.any_time = options.paired && !stop_rule(experiment).empty();
  if (const auto rule = decision_rule(experiment)) {
    if (options.rows.empty()) options.rows = {rule->quantity};
    if (!options.width_is_given) options.rules.same_within = rule->within;
  }
  std::vector<CompareInput> inputs;
  std::vector<std::size_t> compared, rows;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    if (references[i] == i) continue;
    const std::vector<CompareInput> own =
        compare_inputs(variants.subspan(references[i], 1), variants.subspan(i, 1), options);
    compared.push_back(i);
    rows.push_back(own.size());
    inputs.insert(inputs.end(), own.begin(), own.end());
  }
  Decided decided = decide(inputs, options.rules);
  VariantComparisons result;
  result.by_chance = decided.by_chance;
  auto row = std::make_move_iterator(decided.rows.begin());
  for (std::size_t k = 0; k < compared.size(); ++k) {
    const std::size_t i = compared[k], reference = references[i];
    const auto end = row + static_cast<std::ptrdiff_t>(rows[k]);
    const Decided own{decided.basis, {row, end}, 0};
    row = end;
    Comparison& one = result.all.emplace_back(
        comparison_of(variants.subspan(reference, 1), variants.subspan(i, 1), options, own));
    one.variant = experiment.variants[i].label;
    one.reference = experiment.variants[reference].label;
    one.other_values = other_values(experiment.variants[reference], experiment.variants[i]);
  }
  return result;
}

}  // namespace pw
