// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/metrics.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "facts/cpu_family.h"
#include "facts/data_files.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> kGroups = {"generic", "power9", "power10", "x86", "arm64"};

MetricFact metric_from(std::string_view group, const Json& row) {
  MetricFact fact;
  fact.group = group;
  fact.key = row.at("key");
  fact.title = row.at("title");
  fact.unit = row.at("unit");
  fact.formula = row.at("formula");
  fact.meaning = row.at("meaning");
  fact.source = row.at("source");
  fact.parent = row.value("parent", "");
  fact.rest = row.value("rest", "other");
  fact.standard = row.value("default", false);
  for (const auto& [symbol, event] : row.at("events").items()) fact.events.push_back({symbol, event});
  fact.check.expected = row.at("check").at("expected");
  for (const auto& [symbol, value] : row.at("check").at("given").items())
    fact.check.given.emplace_back(symbol, value);
  return fact;
}

void add_sets(MetricList& list, const Json& file) {
  for (const auto& [name, keys] : file.at("sets").items()) list.sets.push_back({name, keys});
  if (!file.contains("synonyms")) return;
  for (const auto& [event, others] : file.at("synonyms").items())
    for (const auto& other : others) list.synonyms.push_back({event, other});
}

void append(MetricList& list, std::string_view group) {
  MetricList more = parse_metrics(group, data_text("events/" + std::string(group) + "/metrics.json")).value();
  std::move(more.metrics.begin(), more.metrics.end(), std::back_inserter(list.metrics));
  std::move(more.sets.begin(), more.sets.end(), std::back_inserter(list.sets));
  std::move(more.synonyms.begin(), more.synonyms.end(), std::back_inserter(list.synonyms));
}

}  // namespace

const MetricFact* MetricList::find(std::string_view key) const {
  for (const MetricFact& fact : metrics)
    if (fact.key == key) return &fact;
  return nullptr;
}

std::vector<const MetricFact*> MetricList::children(std::string_view key) const {
  std::vector<const MetricFact*> found;
  for (const MetricFact& fact : metrics)
    if (fact.parent == key) found.push_back(&fact);
  return found;
}

std::span<const std::string_view> metric_groups() { return kGroups; }

Result<MetricList> parse_metrics(std::string_view group, std::string_view text) {
  MetricList list;
  std::string where = std::string(group) + "/metrics.json";
  try {
    const Json file = Json::parse(text);
    for (const Json& row : file.at("metrics")) {
      where = std::string(group) + "/metrics.json " + row.value("key", "");
      list.metrics.push_back(metric_from(group, row));
    }
    add_sets(list, file);
  } catch (const Json::exception& error) {
    return fail(Failure::input, error.what(), where, "data/events/README.md has the format");
  }
  return list;
}

MetricList metrics_of_cpu(std::string_view cpu) {
  MetricList list;
  append(list, "generic");
  if (cpu != "generic" && std::find(kGroups.begin(), kGroups.end(), cpu) != kGroups.end()) append(list, cpu);
  return list;
}

std::string metrics_cpu(const Machine& machine) { return metrics_group(cpu_family(machine)); }

std::string metrics_group(const std::string& family) {
  return std::ranges::count(kGroups, family) > 0 ? family : "generic";
}

}  // namespace pw
