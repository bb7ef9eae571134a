// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/variant_values.h"

#include <string>
#include <utility>
#include <vector>

#include "analyze/compare/pairs.h"

namespace pw {
namespace {

ComparableQuantity per_item(ComparableQuantity one, const std::optional<double>& items) {
  for (TestValue& test : one.tests) test.value /= items.value_or(1);
  return one;
}

std::vector<double> values_of(const std::vector<TestValue>& tests) {
  std::vector<double> values;
  for (const TestValue& test : tests) values.push_back(test.value);
  return values;
}

}  // namespace

VariantValues variant_values(const Recording& view, const Analysis& one,
                             const std::optional<std::size_t>& channel) {
  std::string net;
  if (channel) {
    const Channel& of = view.channels[*channel];
    net = source_of(view, of).name + "/" + of.name + "/" + one.power.channels[*channel].values.net.name;
  }
  VariantValues all;
  for (ComparableQuantity& quantity : quantities_of({&view, &one})) {
    if (quantity.name == one.run.elapsed.name)
      all.elapsed = per_item(std::move(quantity), view.experiment.items);
    else if (channel && quantity.name == net)
      all.net = per_item(std::move(quantity), view.experiment.items);
  }
  return all;
}

CompareInput input_of_variants(const ComparableQuantity& reference, const ComparableQuantity& other,
                               const CompareOptions& options) {
  CompareInput input;
  input.quantity = other.name;
  input.unit = other.unit;
  input.better = Direction::lower;
  input.named = true;
  if (reference.tests.empty() || other.tests.empty()) input.incomparable = "one of the two has no value";
  input.old_error = reference.error;
  input.new_error = other.error;
  input.old_tests = {values_of(reference.tests)};
  input.new_tests = {values_of(other.tests)};
  if (options.paired) take_pairs(reference.tests, other.tests, input);
  input.any_time = options.any_time;
  return input;
}

}  // namespace pw
