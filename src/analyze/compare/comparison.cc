// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "analyze/compare/pairs.h"
#include "analyze/compare/variant_choice.h"
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

std::vector<double> values_of_tests(const ComparableQuantity& one) {
  std::vector<double> values;
  for (const TestValue& test : one.tests) values.push_back(test.value);
  return values;
}

CompareInput input_of(const Paired& pair, const CompareOptions& options, const std::string& other_items) {
  CompareInput input;
  input.quantity = pair.first->name;
  input.unit = pair.first->unit;
  const auto better = options.better.find(input.quantity);
  input.better = better == options.better.end() ? pair.first->better : better->second;
  const bool first = pair.first->first_hand || (!other_items.empty() && pair.first->for_other_items);
  input.named = options.rows.empty() ? first : std::ranges::count(options.rows, input.quantity) > 0;
  for (const std::string& reason :
       {missing("old", pair.before), missing("new", pair.after), other_thing(pair),
        pair.first->of_execution ? other_items : std::string()})
    if (input.incomparable.empty()) input.incomparable = reason;
  const auto take = [](const auto& side, auto& tests, double& error) {
    for (const ComparableQuantity* one : side) {
      tests.push_back(values_of_tests(*one));
      error = std::max(error, one->error);
    }
  };
  take(pair.before, input.old_tests, input.old_error);
  take(pair.after, input.new_tests, input.new_error);
  if (options.paired && !pair.before.empty() && !pair.after.empty())
    take_pairs(pair.before.front()->tests, pair.after.front()->tests, input);
  input.any_time = input.paired && options.any_time;
  return input;
}

std::string value_of(const std::vector<Fact>& facts, const std::string& key) {
  const auto at = std::ranges::find(facts, key, &Fact::key);
  return at == facts.end() ? "" : at->value;
}

std::string items_differ(std::span<const Explanation> before, std::span<const Explanation> after) {
  const auto old_items = items_of(before), new_items = items_of(after);
  if (old_items == new_items) return "";
  return fmt::format("the items of an execution differ: {} and {}; items-per-second can be compared",
                     items_text(old_items), items_text(new_items));
}

std::size_t tests_of(std::span<const Explanation> recordings) {
  std::size_t tests = 0;
  for (const Explanation& one : recordings) tests += one.analysis->run.elapsed.series.tests.size();
  return tests;
}

ClockOrCode clock_of(std::span<const Explanation> before, std::span<const Explanation> after,
                     const Comparison& comparison, const CompareOptions& options) {
  const auto elapsed = std::ranges::find(comparison.rows, "elapsed", &ComparedRow::quantity);
  const bool known = elapsed != comparison.rows.end();
  if (!known || elapsed->verdict != CompareVerdict::not_comparable)
    return clock_or_code(before, after,
                         {comparison.basis, known && is_claim(elapsed->verdict), comparison.stop_rule,
                          options.any_time && comparison.basis == Basis::interleaved});
  ClockOrCode unknown;
  unknown.why = elapsed->reason;
  return unknown;
}

// Where a rule has ended the tests a p that takes their number as fixed is none.
void take_stop_rule(std::span<const Explanation> side, Comparison& comparison) {
  for (const Explanation& one : side)
    if (comparison.stop_rule.empty()) comparison.stop_rule = stop_rule(one.recording->experiment);
  if (comparison.stop_rule.empty() || comparison.basis == Basis::interleaved) return;
  for (ComparedRow& row : comparison.rows) row.p.reset();
}

}  // namespace

std::string label_or_command(const Experiment& experiment) {
  return experiment.label.empty() ? join(experiment.command, " ") : experiment.label;
}

CompareOptions options_of_variants(const Experiment& experiment, CompareOptions options) {
  options.paired = in_turn(experiment);
  options.any_time = options.paired && !stop_rule(experiment).empty();
  return options;
}

namespace {

// How many ranks and nodes a job had; nothing of what is none.
void add_job_facts(std::vector<Fact>& facts, const Recording& recording) {
  std::size_t ranks = 0;
  for (const Execution& execution : recording.executions)
    if (execution.ranks) ranks = std::max(ranks, execution.ranks->ranks.size());
  if (ranks == 0) return;
  std::set<std::string_view> nodes;
  for (const RankPlace& place : recording.rank_places) nodes.insert(place.node);
  facts.push_back({"ranks", std::to_string(ranks)});
  facts.push_back({"nodes", std::to_string(nodes.size())});
}

}  // namespace

std::vector<Fact> side_facts(const Recording& recording) {
  std::vector<Fact> facts = {{"command", join(recording.experiment.command, " ")},
                             {"perfwatt", recording.version},
                             {"items", items_text(recording.experiment.items)},
                             {"pinned to CPUs", recording.experiment.cpus}};
  add_job_facts(facts, recording);
  facts.insert(facts.end(), recording.machine.begin(), recording.machine.end());
  facts.insert(facts.end(), recording.environment.begin(), recording.environment.end());
  return facts;
}

std::vector<SideDifference> side_differences(const std::vector<Fact>& first,
                                             const std::vector<Fact>& second) {
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

std::vector<CompareInput> compare_inputs(std::span<const Explanation> before,
                                         std::span<const Explanation> after, const CompareOptions& options) {
  const Sides olds = quantities_of_all(before), news = quantities_of_all(after);
  const std::string other_items = items_differ(before, after);
  std::vector<CompareInput> inputs;
  for (const Paired& pair : paired(olds, news)) inputs.push_back(input_of(pair, options, other_items));
  return inputs;
}

Comparison compare(std::span<const Explanation> before, std::span<const Explanation> after,
                   const CompareOptions& options) {
  return comparison_of(before, after, options, decide(compare_inputs(before, after, options), options.rules));
}

Comparison comparison_of(std::span<const Explanation> before, std::span<const Explanation> after,
                         const CompareOptions& options, Decided decided) {
  Comparison comparison;
  comparison.basis = decided.basis;
  comparison.rows = std::move(decided.rows);
  comparison.by_chance = decided.by_chance;
  comparison.same_within = options.rules.same_within;
  comparison.measured[0] = label_or_command(before.front().recording->experiment);
  comparison.measured[1] = label_or_command(after.front().recording->experiment);
  comparison.recordings[0] = before.size();
  comparison.recordings[1] = after.size();
  comparison.tests[0] = tests_of(before);
  comparison.tests[1] = tests_of(after);
  comparison.differences =
      side_differences(side_facts(*before.front().recording), side_facts(*after.front().recording));
  take_stop_rule(before, comparison);
  take_stop_rule(after, comparison);
  comparison.clock = clock_of(before, after, comparison, options);
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
