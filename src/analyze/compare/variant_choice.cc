// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/variant_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kNamed = 5;

bool has_value(const Variant& variant, const std::string& text) {
  return std::ranges::any_of(variant.values,
                             [&](const Fact& one) { return one.key + "=" + one.value == text; });
}

bool has_values(const Variant& variant, const std::string& text) {
  return std::ranges::all_of(split(text, ' '),
                             [&](const std::string& part) { return has_value(variant, part); });
}

tl::unexpected<Error> fail_unknown(const Experiment& experiment, const std::string& text,
                                   const std::string& option) {
  std::vector<std::string> labels;
  for (const Variant& one : experiment.variants) labels.push_back(one.label);
  const std::string meant = did_you_mean(text, labels);
  if (labels.size() > kNamed) labels.resize(kNamed), labels.emplace_back("...");
  return fail(Failure::input, fmt::format("no variant is '{}'", printable(text)), option,
              meant.empty() ? "there are " + printable(join(labels, ", ")) : meant);
}

// A label is looked for first: a value of it may have blanks.
Result<std::vector<std::size_t>> find_variants(const Experiment& experiment, const std::string& text,
                                               const std::string& option) {
  const std::vector<Variant>& variants = experiment.variants;
  if (variants.empty()) return fail(Failure::input, "the recording has no variants", option);
  const auto label = std::ranges::find(variants, text, &Variant::label);
  if (label != variants.end()) return std::vector{static_cast<std::size_t>(label - variants.begin())};
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < variants.size(); ++i)
    if (has_value(variants[i], text) || has_values(variants[i], text)) found.push_back(i);
  if (found.empty()) return fail_unknown(experiment, text, option);
  return found;
}

}  // namespace

Result<std::vector<std::size_t>> chosen_variants(const Experiment& experiment, const std::string& only) {
  if (!only.empty()) return find_variants(experiment, only, "--variant");
  std::vector<std::size_t> all(std::max<std::size_t>(experiment.variants.size(), 1));
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

Result<std::vector<std::size_t>> variant_references(const Experiment& experiment,
                                                    const std::string& reference) {
  const std::vector<Variant>& variants = experiment.variants;
  const auto found = reference.empty() && !variants.empty()
                         ? Result<std::vector<std::size_t>>(std::vector<std::size_t>{0})
                         : find_variants(experiment, reference, "--reference");
  if (!found) return pass_on(found);
  std::vector<std::size_t> references;
  for (std::size_t i = 0; i < variants.size(); ++i)
    references.push_back(*std::ranges::min_element(
        *found, {}, [&](std::size_t one) { return other_values(variants[one], variants[i]).size(); }));
  return references;
}

std::vector<std::string> other_values(const Variant& one, const Variant& other) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < one.values.size(); ++i)
    if (one.values[i].value != other.values[i].value) names.push_back(one.values[i].key);
  return names;
}

bool in_turn(const Experiment& experiment) {
  const auto order = std::ranges::find(experiment.procedure, "order", &Fact::key);
  return order != experiment.procedure.end() && order->value != "blocked";
}

std::optional<DecisionRule> decision_rule(const Experiment& experiment) {
  const auto rule = std::ranges::find(experiment.procedure, "until-decided", &Fact::key);
  if (rule == experiment.procedure.end()) return std::nullopt;
  const std::size_t between = rule->value.find_last_of(" :");
  if (between == std::string::npos || !rule->value.ends_with('%')) return std::nullopt;
  const auto width =
      parse_number(std::string_view(rule->value).substr(between + 1, rule->value.size() - between - 2));
  if (!width || !(*width > 0)) return std::nullopt;
  return DecisionRule{rule->value.substr(0, between), *width / 100};
}

std::string stop_rule(const Experiment& experiment) {
  for (const Fact& fact : experiment.procedure)
    if (fact.key == "until-decided" || fact.key == "stop-when") return "--" + fact.key + " " + fact.value;
  return "";
}

}  // namespace pw
