// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/variant_table.h"

#include <algorithm>
#include <utility>

#include "analyze/compare/comparison.h"
#include "analyze/compare/variant_values.h"
#include "model/main_channel.h"

namespace pw {
namespace {

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
void add_ratios(VariantTable& table, const std::vector<VariantValues>& all, const CompareOptions& options) {
  std::vector<CompareInput> inputs;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t reference = table.lines[i].reference;
    if (reference == i) continue;
    inputs.push_back(input_of_variants(all[reference].elapsed, all[i].elapsed, options));
    inputs.push_back(input_of_variants(all[reference].net, all[i].net, options));
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
  std::vector<VariantValues> all;
  for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t i) {
    table.per_item |= view.experiment.items.has_value();
    all.push_back(variant_values(view, one, channel));
    table.lines.push_back(line_of(view, one, channel));
    table.lines.back().label = recording.experiment.variants[i].label;
    table.lines.back().reference = references[i];
  });
  const CompareOptions options = options_of_variants(recording.experiment);
  add_ratios(table, all, options);
  table.best = best_variants(all, options);
  return table;
}

}  // namespace pw
