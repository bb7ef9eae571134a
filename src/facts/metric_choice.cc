// SPDX-License-Identifier: GPL-3.0-or-later
// What -M LIST stands for.
#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.h"
#include "facts/hardware_events.h"
#include "facts/metrics.h"

namespace pw {
namespace {

std::vector<std::string> names_in(const MetricList& list) {
  std::vector<std::string> names = {"all"};
  for (const MetricSet& set : list.sets) names.push_back(set.name);
  for (const MetricFact& fact : list.metrics) names.push_back(fact.key);
  return names;
}

// `key` and all below it.
void take(const MetricList& list, std::string_view key, std::set<std::string_view>& chosen) {
  chosen.insert(list.find(key)->key);
  for (const MetricFact* child : list.children(key)) take(list, child->key, chosen);
}

// Whether `name` is something of the list.
bool take_name(const MetricList& list, std::string_view name, std::set<std::string_view>& chosen) {
  if (name == "all") {
    for (const MetricFact& fact : list.metrics) chosen.insert(fact.key);
    return true;
  }
  for (const MetricSet& set : list.sets)
    if (set.name == name) {
      for (const std::string& key : set.keys) take(list, key, chosen);
      return true;
    }
  if (!list.find(name)) return false;
  take(list, name, chosen);
  return true;
}

// The other CPUs that have it.
std::vector<std::string> owners(std::string_view name) {
  std::vector<std::string> found;
  for (const std::string_view group : metric_groups()) {
    const MetricList list = metrics_of_cpu(group);
    std::set<std::string_view> unused;
    if (take_name(list, name, unused)) found.push_back(shown_cpu(group, "and"));
  }
  return found;
}

tl::unexpected<Error> unknown(std::string_view cpu, const MetricList& list, const std::string& name) {
  const std::vector<std::string> others = owners(name);
  if (!others.empty())
    return fail(Failure::input,
                "'" + name + "' is a metric of " + join(others, " and ") + ", and this is " +
                    (cpu == "generic" ? "another CPU" : shown_cpu(cpu, "or")),
                "-M", "perfwatt list metrics shows those of this machine");
  const std::string hint = did_you_mean(name, names_in(list));
  return fail(Failure::input, "unknown metric '" + printable(name) + "'", "-M",
              hint.empty() ? "perfwatt list metrics shows them all" : hint);
}

MetricChoice choice_of(const MetricList& list, const std::set<std::string_view>& chosen) {
  MetricChoice choice;
  for (const MetricFact& fact : list.metrics) {
    if (!chosen.contains(fact.key)) continue;
    for (const MetricEvent& one : fact.events)
      if (std::find(choice.events.begin(), choice.events.end(), one.event) == choice.events.end())
        choice.events.push_back(one.event);
    choice.metrics.push_back(fact);
  }
  return choice;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

}  // namespace

std::string formula_with_events(const MetricFact& fact) {
  std::string text;
  for (std::size_t at = 0; at < fact.formula.size();) {
    const std::size_t begin = at;
    while (at < fact.formula.size() && is_word(fact.formula[at])) ++at;
    if (at == begin) ++at;
    std::string word = fact.formula.substr(begin, at - begin);
    for (const MetricEvent& one : fact.events)
      if (one.symbol == word) word = one.event;
    text += word;
  }
  return text;
}

Result<MetricChoice> choose_metrics(std::string_view cpu, std::string_view list) {
  const MetricList known = metrics_of_cpu(cpu);
  std::set<std::string_view> chosen;
  for (const std::string& part : split(list, ',')) {
    const std::string name(trim(part));
    if (name.empty()) return fail(Failure::input, "a metric's name is missing", "-M", "write -M ipc,topdown");
    if (!take_name(known, name, chosen)) return unknown(cpu, known, name);
  }
  return choice_of(known, chosen);
}

}  // namespace pw
