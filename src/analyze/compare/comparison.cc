// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"

namespace pw {
namespace {

// What both sides have of one quantity.
struct Paired {
  const ComparableQuantity* first = nullptr;  // the first recording that knows it
  std::vector<const ComparableQuantity*> before, after;
};

using Sides = std::vector<std::vector<ComparableQuantity>>;

Sides quantities_of_all(std::span<const Explanation> recordings) {
  Sides sides;
  for (const Explanation& one : recordings) sides.push_back(quantities_of(one));
  return sides;
}

// In the order of the first recording that has them.
std::vector<Paired> paired(const Sides& before, const Sides& after) {
  std::vector<Paired> pairs;
  std::map<std::string, std::size_t> places;
  for (const bool is_new : {false, true})
    for (const auto& side : is_new ? after : before)
      for (const ComparableQuantity& one : side) {
        const auto [at, is_first] = places.try_emplace(one.name, pairs.size());
        if (is_first) pairs.push_back({&one, {}, {}});
        (is_new ? pairs[at->second].after : pairs[at->second].before).push_back(&one);
      }
  return pairs;
}

std::optional<double> items_of(std::span<const Explanation> recordings) {
  return recordings.front().recording->experiment.items;
}

std::string items_text(const std::optional<double>& items) {
  return items ? exact_number(*items) : "unknown";
}

std::string missing(const char* side, const std::vector<const ComparableQuantity*>& ones) {
  if (ones.empty()) return fmt::format("not in the {} recording", side);
  for (const ComparableQuantity* one : ones)
    if (!one->tests.empty()) return "";
  return fmt::format("no value in the {} recording: {}", side, ones.front()->why_none);
}

std::string other_thing(const Paired& pair) {
  const std::string& first = pair.first->identity;
  for (const auto* side : {&pair.before, &pair.after})
    for (const ComparableQuantity* one : *side) {
      if (one->unit != pair.first->unit)
        return fmt::format("its unit is '{}' on one side, '{}' on the other", pair.first->unit, one->unit);
      if (one->identity != first)
        return fmt::format("'{}' on one side is '{}' on the other", first, one->identity);
    }
  return "";
}

CompareInput input_of(const Paired& pair, const CompareOptions& options, const std::string& items_differ) {
  CompareInput input;
  input.quantity = pair.first->name;
  input.unit = pair.first->unit;
  const auto better = options.better.find(input.quantity);
  input.better = better == options.better.end() ? pair.first->better : better->second;
  input.named =
      options.rows.empty() ? pair.first->first_hand : std::ranges::count(options.rows, input.quantity) > 0;
  for (const std::string& reason :
       {missing("old", pair.before), missing("new", pair.after), other_thing(pair),
        pair.first->of_execution ? items_differ : std::string()})
    if (input.incomparable.empty()) input.incomparable = reason;
  const auto take = [](const auto& side, auto& tests, double& error) {
    for (const ComparableQuantity* one : side) {
      tests.push_back(one->tests);
      error = std::max(error, one->error);
    }
  };
  take(pair.before, input.old_tests, input.old_error);
  take(pair.after, input.new_tests, input.new_error);
  return input;
}

std::vector<Fact> facts_of(const Recording& recording) {
  std::vector<Fact> facts = {{"command", join(recording.experiment.command, " ")},
                             {"perfwatt", recording.version},
                             {"items", items_text(recording.experiment.items)},
                             {"pinned to CPUs", recording.experiment.cpus}};
  facts.insert(facts.end(), recording.machine.begin(), recording.machine.end());
  facts.insert(facts.end(), recording.environment.begin(), recording.environment.end());
  return facts;
}

std::string value_of(const std::vector<Fact>& facts, const std::string& key) {
  const auto at = std::ranges::find(facts, key, &Fact::key);
  return at == facts.end() ? "" : at->value;
}

std::vector<SideDifference> differences(const Recording& before, const Recording& after) {
  const std::vector<Fact> first = facts_of(before), second = facts_of(after);
  std::vector<SideDifference> found;
  std::set<std::string> seen;
  for (const auto* facts : {&first, &second})
    for (const Fact& fact : *facts) {
      if (!seen.insert(fact.key).second) continue;
      const std::string one = value_of(first, fact.key), other = value_of(second, fact.key);
      if (one != other) found.push_back({fact.key, one, other});
    }
  return found;
}

std::size_t tests_of(std::span<const Explanation> recordings) {
  std::size_t tests = 0;
  for (const Explanation& one : recordings) tests += one.analysis->run.elapsed.series.tests.size();
  return tests;
}

}  // namespace

Comparison compare(std::span<const Explanation> before, std::span<const Explanation> after,
                   const CompareOptions& options) {
  Comparison comparison;
  const Sides olds = quantities_of_all(before), news = quantities_of_all(after);
  const auto old_items = items_of(before), new_items = items_of(after);
  const std::string items_differ =
      old_items == new_items
          ? ""
          : fmt::format("the items of an execution differ: {} and {}; items-per-second can be compared",
                        items_text(old_items), items_text(new_items));
  std::vector<CompareInput> inputs;
  for (const Paired& pair : paired(olds, news)) inputs.push_back(input_of(pair, options, items_differ));
  Decided decided = decide(inputs, options.rules);
  comparison.basis = decided.basis;
  comparison.rows = std::move(decided.rows);
  comparison.by_chance = decided.by_chance;
  comparison.recordings[0] = before.size();
  comparison.recordings[1] = after.size();
  comparison.tests[0] = tests_of(before);
  comparison.tests[1] = tests_of(after);
  comparison.differences = differences(*before.front().recording, *after.front().recording);
  const auto known = [&](const std::string& name) {
    return std::ranges::count(comparison.rows, name, &ComparedRow::quantity) > 0;
  };
  for (const std::string& name : options.rows)
    if (!known(name)) comparison.unknown.push_back(name);
  for (const auto& [name, direction] : options.better)
    if (!known(name)) comparison.unknown.push_back(name);
  return comparison;
}

}  // namespace pw
