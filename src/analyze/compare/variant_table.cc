// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/variant_table.h"

#include <algorithm>
#include <utility>

#include "analyze/compare/comparison.h"
#include "analyze/compare/pairs.h"
#include "analyze/compare/quantities.h"
#include "model/main_channel.h"

namespace pw {
namespace {

// What a variant is compared by: per item where there are items.
struct Measured {
  ComparableQuantity elapsed, net;
};

ComparableQuantity per_item(ComparableQuantity one, const std::optional<double>& items) {
  for (TestValue& test : one.tests) test.value /= items.value_or(1);
  return one;
}

Measured measured(const Recording& view, const Analysis& one, const std::optional<std::size_t>& channel) {
  std::string net;
  if (channel) {
    const Channel& of = view.channels[*channel];
    net = source_of(view, of).name + "/" + of.name + "/" + one.power.channels[*channel].values.net.name;
  }
  Measured all;
  for (ComparableQuantity& quantity : quantities_of({&view, &one})) {
    if (quantity.name == one.run.elapsed.name)
      all.elapsed = per_item(std::move(quantity), view.experiment.items);
    else if (channel && quantity.name == net)
      all.net = per_item(std::move(quantity), view.experiment.items);
  }
  return all;
}

std::vector<double> values_of(const std::vector<TestValue>& tests) {
  std::vector<double> values;
  for (const TestValue& test : tests) values.push_back(test.value);
  return values;
}

CompareInput input_of(const ComparableQuantity& reference, const ComparableQuantity& other,
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

VariantLine line_of(const Recording& view, const Analysis& one, const std::optional<std::size_t>& channel) {
  VariantLine line;
  line.tests = one.run.elapsed.series.tests.size();
  line.failed = static_cast<std::size_t>(std::ranges::count_if(view.executions, &Execution::failed));
  line.elapsed = one.run.elapsed.value;
  line.why_no_time = one.run.elapsed.reason;
  const Measurand* net = channel ? &one.power.channels[*channel].values.net : nullptr;
  if (net) line.why_no_energy = net->reason;
  if (!net || !net->value) return line;
  const double items = view.experiment.items.value_or(1);
  line.energy = net->value->mean / items;
  if (net->value->half_width) line.energy_error = *net->value->half_width / items;
  return line;
}

// All in one decision: what many variants claim by chance is held down over all of them.
void add_ratios(VariantTable& table, const std::vector<Measured>& all, const CompareOptions& options) {
  std::vector<CompareInput> inputs;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t reference = table.lines[i].reference;
    if (reference == i) continue;
    inputs.push_back(input_of(all[reference].elapsed, all[i].elapsed, options));
    inputs.push_back(input_of(all[reference].net, all[i].net, options));
  }
  Decided decided = decide(inputs, {});
  table.basis = decided.basis;
  auto row = decided.rows.begin();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (table.lines[i].reference == i) continue;
    table.lines[i].time_ratio = std::move(*row++);
    table.lines[i].energy_ratio = std::move(*row++);
  }
}

}  // namespace

VariantTable variant_table(const Recording& recording, const Analysis& analysis,
                           const std::vector<std::size_t>& references) {
  VariantTable table;
  const std::optional<std::size_t> channel = main_channel(recording);
  if (channel)
    table.energy_of = shown_name(source_of(recording, recording.channels[*channel])) + "/" +
                      recording.channels[*channel].name;
  std::vector<Measured> all;
  for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t i) {
    table.per_item |= view.experiment.items.has_value();
    all.push_back(measured(view, one, channel));
    table.lines.push_back(line_of(view, one, channel));
    table.lines.back().label = recording.experiment.variants[i].label;
    table.lines.back().reference = references[i];
  });
  add_ratios(table, all, options_of_variants(recording.experiment));
  return table;
}

}  // namespace pw
