// SPDX-License-Identifier: GPL-3.0-or-later
// Warnings, findings, how far the sensors can be trusted, the machine.
#include "export/json_analysis.h"
#include "report/page/page_parts.h"
#include "report/text/words.h"

namespace pw {
namespace {

void write_facts(JsonWriter& json, const std::vector<Fact>& facts) {
  for (const Fact& fact : facts) json.object("key", fact.key, "value", fact.value);
}

void write_captures(JsonWriter& json, const RunAnalysis& run) {
  for (const Captured& one : run.captures)
    json.object("name", one.name, "value", one.distinct.size() == 1 ? one.distinct.front() : "", "distinct",
                one.distinct.size(), "missing", one.missing);
}

}  // namespace

void write_background(JsonWriter& json, const Recording& recording, const Analysis& analysis) {
  const auto array = [&](std::string_view key, const auto& write) {
    json.member(key, [&] { json.array(write); });
  };
  json.member("odd", analysis.run.odd);
  json.member("warnings", warnings_of(recording, analysis));
  array("captures", [&] { write_captures(json, analysis.run); });
  array("findings", [&] { write_findings(json, analysis.findings); });
  array("crosscheck", [&] { write_cross_checks(json, analysis.power.cross_checks); });
  array("validity", [&] { write_validity(json, analysis.power); });
  array("machine", [&] { write_facts(json, machine_and_cost(recording)); });
  array("environment", [&] { write_facts(json, recording.environment); });
}

}  // namespace pw
