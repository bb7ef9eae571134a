// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/findings/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyze/findings/finding_inputs.h"
#include "analyze/findings/finding_text.h"
#include "base/text.h"
#include "facts/formula.h"
#include "model/names.h"

namespace pw {
namespace {

constexpr Names<FindingStatus, 3> kStatusNames = {{{FindingStatus::applies, "applies"},
                                                   {FindingStatus::applies_not, "does-not-apply"},
                                                   {FindingStatus::unknown, "cannot-tell"}}};

FindingOutcome outcome_of(const FindingRule& rule) {
  FindingOutcome outcome;
  outcome.rule = rule.key;
  outcome.title = rule.title;
  outcome.source = rule.source;
  outcome.condition = rule.condition;
  return outcome;
}

std::string why_unknown(const Error& error, const FindingRule& rule, const std::vector<InputValue>& values) {
  for (std::size_t i = 0; i < rule.inputs.size() && i < values.size(); ++i)
    if (rule.inputs[i].symbol == error.where && !values[i].why.empty()) return values[i].why;
  if (error.where.empty()) return error.what;
  return error.what == "division by zero" ? error.where + " is 0" : error.where + ": " + error.what;
}

FindingOutcome of_other_cpus(const FindingRule& rule, const std::string& cpu) {
  FindingOutcome outcome = outcome_of(rule);
  const std::string families = join(rule.cpus, ", ");
  outcome.status = cpu.empty() ? FindingStatus::unknown : FindingStatus::applies_not;
  outcome.text = cpu.empty()
                     ? fmt::format("a rule for {}, and the recording does not say what its CPU is", families)
                     : fmt::format("a rule for {}, and this is {}", families, cpu);
  return outcome;
}

}  // namespace

std::string_view to_text(FindingStatus status) { return name_in(kStatusNames, status); }

FindingOutcome judge(const FindingRule& rule, const std::vector<InputValue>& values) {
  FindingOutcome outcome = outcome_of(rule);
  const Result<double> holds = evaluate(rule.condition, operands(rule, values));
  if (!holds) {
    outcome.text = why_unknown(holds.error(), rule, values);
    outcome.next = rule.measure;
    return outcome;
  }
  outcome.status = *holds != 0 ? FindingStatus::applies : FindingStatus::applies_not;
  outcome.text = filled_in(rule.evidence, rule, values);
  if (outcome.status == FindingStatus::applies) outcome.next = filled_in(rule.next, rule, values);
  return outcome;
}

std::vector<FindingOutcome> findings(const Recording& recording, const MetricInputs& metrics,
                                     std::span<const Measurand* const> measurands) {
  const FindingInputs inputs(recording, metrics, measurands);
  std::vector<FindingOutcome> outcomes;
  for (const FindingRule& rule : finding_rules()) {
    const bool meant = rule.cpus.empty() || std::ranges::count(rule.cpus, inputs.cpu()) > 0;
    outcomes.push_back(meant ? judge(rule, inputs.of(rule)) : of_other_cpus(rule, inputs.cpu()));
  }
  return outcomes;
}

}  // namespace pw
