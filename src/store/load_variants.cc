// SPDX-License-Identifier: GPL-3.0-or-later
// Variants, their values and their commands.
#include <algorithm>

#include "store/load_parts.h"
#include "store/schema.h"

namespace pw {
namespace {

Result<> load_values(RowSource& source, std::vector<Variant>& variants) {
  Rows row(source, "variant_values");
  while (row.next()) {
    const int variant = row.index(variants.size());
    if (!row.result()) break;
    std::vector<Fact>& values = variants[static_cast<std::size_t>(variant)].values;
    if (values.size() == kMostParameters) row.problem("too many");
    std::string name = row.text();
    values.push_back({std::move(name), row.text()});
  }
  return row.result();
}

bool same_keys(const Variant& one, const Variant& other) {
  return std::ranges::equal(one.values, other.values, {}, &Fact::key, &Fact::key);
}

bool is_the_only(const std::vector<Variant>& variants) {
  return variants.size() == 1 && variants.front().values.empty() && variants.front().label.empty();
}

}  // namespace

Result<> load_variants(RowSource& source, Recording& recording) {
  std::vector<Variant>& variants = recording.experiment.variants;
  Rows row(source, "variants");
  while (row.next()) {
    row.must_be(variants.size());
    if (variants.size() == kMostVariants) row.problem("too many");
    variants.emplace_back().label = row.text();
  }
  if (!row.result()) return row.result();
  if (variants.empty()) return fail(Failure::input, "damaged: variants must have a row", source.path);
  if (Result<> loaded = load_values(source, variants); !loaded) return loaded;
  if (is_the_only(variants)) variants.clear();
  for (const Variant& one : variants)
    if (one.values.empty() || !same_keys(one, variants.front()))
      return fail(Failure::input, "damaged: variant_values: not the same names of each variant", source.path);
  return {};
}

Result<> load_arguments(RowSource& source, Recording& recording) {
  Experiment& experiment = recording.experiment;
  Rows row(source, "arguments");
  while (row.next()) {
    const bool typed = !experiment.variants.empty() && row.skip_null();
    const int variant = typed ? 0 : row.index(std::max<std::size_t>(experiment.variants.size(), 1));
    if (!row.result()) break;
    const bool whole = typed || experiment.variants.empty();
    (whole ? experiment.command : experiment.variants[static_cast<std::size_t>(variant)].command)
        .push_back(row.text());
  }
  return row.result();
}

}  // namespace pw
