// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/best_variant.h"

#include <algorithm>
#include <utility>

#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

using ValueOf = ComparableQuantity VariantValues::*;

double mean_of(const ComparableQuantity& quantity) {
  std::vector<double> values;
  for (const TestValue& test : quantity.tests) values.push_back(test.value);
  return statistics(values)->mean;
}

// Those with a value, from the least mean on.
std::vector<std::size_t> ordered(std::span<const VariantValues> variants, ValueOf of) {
  std::vector<std::pair<double, std::size_t>> means;
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (!(variants[i].*of).tests.empty()) means.emplace_back(mean_of(variants[i].*of), i);
  std::ranges::sort(means);
  std::vector<std::size_t> order;
  for (const auto& [mean, i] : means) order.push_back(i);
  return order;
}

bool told_above(const ComparedRow& row) {
  return is_claim(row.verdict) && (row.ratio ? *row.ratio > 1 : row.new_median > row.old_median);
}

void take(BestVariant& best, std::size_t other, ComparedRow row) {
  if (!told_above(row)) {
    best.all_same = (best.rivals.empty() || best.all_same) && row.verdict == CompareVerdict::same;
    best.rivals.push_back(other);
  }
  if (other == best.next) best.row = std::move(row);
}

std::optional<BestVariant> beginning(const std::vector<std::size_t>& order) {
  if (order.size() < 2) return std::nullopt;
  return BestVariant{order[0], order[1], {}, {}, false};
}

}  // namespace

BestVariants best_variants(std::span<const VariantValues> variants, const CompareOptions& options) {
  const std::vector<std::size_t> times = ordered(variants, &VariantValues::elapsed),
                                 energies = ordered(variants, &VariantValues::net);
  BestVariants best{beginning(times), beginning(energies)};
  for (std::size_t k = 1; k < std::max(times.size(), energies.size()); ++k) {
    std::vector<CompareInput> inputs;
    const auto add = [&](const std::vector<std::size_t>& order, ValueOf of) {
      if (k < order.size())
        inputs.push_back(input_of_variants(variants[order[0]].*of, variants[order[k]].*of, options));
    };
    add(times, &VariantValues::elapsed);
    add(energies, &VariantValues::net);
    Decided decided = decide(inputs, options.rules);
    if (k < times.size()) take(*best.time, times[k], decided.rows.front());
    if (k < energies.size()) take(*best.energy, energies[k], decided.rows.back());
  }
  return best;
}

}  // namespace pw
