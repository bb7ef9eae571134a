// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/findings.h"

#include <string.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "facts/data_files.h"
#include "model/names.h"

namespace pw {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFolder = "findings/";

constexpr Names<InputKind, 9> kKinds = {{{InputKind::machine, "machine"},
                                         {InputKind::environment, "environment"},
                                         {InputKind::state, "state"},
                                         {InputKind::rise, "rise"},
                                         {InputKind::rusage, "rusage"},
                                         {InputKind::measurand, "measurand"},
                                         {InputKind::event, "event"},
                                         {InputKind::metric, "metric"},
                                         {InputKind::experiment, "experiment"}}};

Result<FindingInput> input_from(const std::string& symbol, const Json& row) {
  FindingInput input;
  input.symbol = symbol;
  for (const auto& [key, value] : row.items()) {
    if (const auto kind = value_in(kKinds, key)) {
      if (!input.name.empty()) return fail(Failure::input, "taken from two things", symbol);
      input.kind = *kind;
      input.name = value;
    } else if (key == "contains") {
      input.contains = value;
    } else if (key == "missing") {
      input.missing = value;
    } else {
      return fail(Failure::input, "no such kind of input: " + key, symbol);
    }
  }
  if (input.name.empty()) return fail(Failure::input, "taken from nothing", symbol);
  return input;
}

InputValue given_value(const FindingInput& input, const Json& given) {
  if (!given.contains(input.symbol)) return {{}, "", "not given"};
  const Json& value = given.at(input.symbol);
  if (value.is_string()) return value_of(input, value.get<std::string>());
  return {value.get<double>(), "", ""};
}

FindingCheck check_from(const FindingRule& rule, const Json& row) {
  FindingCheck check;
  check.expected = row.at("expected");
  for (const FindingInput& input : rule.inputs) check.given.push_back(given_value(input, row.at("given")));
  return check;
}

Result<FindingRule> rule_from(const Json& row) {
  FindingRule rule;
  rule.key = row.at("key");
  rule.title = row.at("title");
  rule.cpus = row.value("cpus", std::vector<std::string>());
  rule.condition = row.at("condition");
  rule.evidence = row.at("evidence");
  rule.next = row.at("next");
  rule.measure = row.value("measure", "");
  rule.source = row.at("source");
  for (const auto& [symbol, from] : row.at("inputs").items()) {
    auto input = input_from(symbol, from);
    if (!input) return pass_on(input);
    rule.inputs.push_back(std::move(*input));
  }
  for (const Json& check : row.at("check")) rule.checks.push_back(check_from(rule, check));
  for (const bool expected : {true, false})
    if (std::ranges::count(rule.checks, expected, &FindingCheck::expected) == 0)
      return fail(Failure::input, expected ? "no check of it applies" : "every check of it applies");
  return rule;
}

}  // namespace

InputValue value_of(const FindingInput& input, std::string text) {
  InputValue value{{}, std::move(text), ""};
  if (!input.contains.empty()) {
    value.number = std::ranges::any_of(input.contains, [&](const std::string& word) {
      return ::strcasestr(value.text.c_str(), word.c_str());
    });
    return value;
  }
  const std::string_view all = trim(value.text);
  value.number = parse_number(all.substr(0, all.find(' ')));
  if (!value.number) value.why = "'" + value.text + "' is no number";
  return value;
}

Result<std::vector<FindingRule>> parse_findings(std::string_view file, std::string_view text) {
  std::vector<FindingRule> rules;
  std::string where(file);
  try {
    const Json document = Json::parse(text);
    for (const Json& row : document.at("rules")) {
      where = std::string(file) + " " + row.value("key", "");
      auto rule = rule_from(row);
      if (!rule)
        return fail(Failure::input, rule.error().what,
                    where + (rule.error().where.empty() ? "" : " " + rule.error().where));
      rules.push_back(std::move(*rule));
    }
  } catch (const Json::exception& error) {
    return fail(Failure::input, error.what(), where, "data/findings/README.md has the format");
  }
  return rules;
}

std::vector<FindingRule> finding_rules() {
  std::vector<FindingRule> all;
  for (const DataFile& file : data_files()) {
    if (!file.path.starts_with(kFolder)) continue;
    std::vector<FindingRule> rules = parse_findings(file.path, file.text).value();
    std::move(rules.begin(), rules.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace pw
