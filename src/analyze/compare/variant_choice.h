// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a recording's variants is meant.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/experiment.h"

namespace pw {

// Those of --variant: of which each of the "NAME=V" in `only` is true, or whose label it is; "": all; {0} of
// a recording without variants. Errors (input): there are none.
Result<std::vector<std::size_t>> chosen_variants(const Experiment& experiment, const std::string& only);

// Those of --reference: by variant the one that it is compared with, itself where it is one of them. Of
// several that `reference` means ("NAME=V") it is the one that has the fewest other values. "": the first.
Result<std::vector<std::size_t>> variant_references(const Experiment& experiment,
                                                    const std::string& reference);

// The names of the values that are not the same.
std::vector<std::string> other_values(const Variant& one, const Variant& other);

// Whether the tests of two variants with the same number ran close to each other.
bool in_turn(const Experiment& experiment);

// Of --until-decided.
struct DecisionRule {
  std::string quantity;
  double within = 0;  // relative
};
std::optional<DecisionRule> decision_rule(const Experiment& experiment);

// What ended the tests: "--until-decided elapsed 2%"; "": their number was fixed.
std::string stop_rule(const Experiment& experiment);

}  // namespace pw
