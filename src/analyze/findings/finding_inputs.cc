// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/findings/finding_inputs.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "analyze/findings/cores.h"
#include "analyze/metrics/metrics.h"
#include "analyze/series/machine_states.h"
#include "analyze/series/series.h"
#include "base/text.h"
#include "facts/cpu_family.h"

namespace pw {
namespace {

InputValue missing(std::string why) { return {{}, "", std::move(why)}; }
InputValue number(double value) { return {value, "", ""}; }
// It is not there at all, which the rule may know more of.
InputValue absent(const FindingInput& input, std::string why) {
  return missing(input.missing.empty() ? std::move(why) : input.missing);
}

InputValue of_text(const FindingInput& input, const std::vector<Fact>& facts) {
  const auto text = state_text(facts, input.name);
  return text ? value_of(input, std::string(*text)) : absent(input, input.name + " is not in the recording");
}

// Variables are perfwatt's own, and the command's where it started one.
InputValue of_environment(const FindingInput& input, const Recording& recording) {
  if (!recording.experiment.target.empty()) return missing("what was measured was started by others");
  if (power_alone(recording.experiment)) return missing("no command ran");
  const auto text = state_text(recording.environment, input.name);
  return text ? value_of(input, std::string(*text)) : absent(input, input.name + " was not set");
}

// All texts that were read before and after the executions, each once; a number is their mean.
InputValue of_states(const FindingInput& input, const Recording& recording) {
  std::set<std::string> texts;
  std::vector<double> numbers;
  for (const Execution* one : counted_executions(recording))
    for (const MachineState* state : {&one->before, &one->after}) {
      const auto text = state_text(*state, input.name);
      if (!text) continue;
      for (const std::string& part : split(*text, input.contains.empty() ? '\0' : ',')) texts.insert(part);
      if (const auto value = parse_number(*text)) numbers.push_back(*value);
    }
  if (texts.empty()) return absent(input, input.name + " was not read on this machine");
  if (const auto mean = statistics(numbers); mean && input.contains.empty()) return number(mean->mean);
  return value_of(input, join(std::vector(texts.begin(), texts.end()), ","));
}

// How much a count rose during all executions together.
InputValue of_rise(const FindingInput& input, const Recording& recording) {
  InputValue sum = absent(input, input.name + " was not read on this machine");
  for (const Execution* one : counted_executions(recording)) {
    const auto before = state_number(one->before, input.name), after = state_number(one->after, input.name);
    if (before && after) sum = number(sum.number.value_or(0) + *after - *before);
  }
  return sum;
}

using UsageField = std::int64_t Execution::*;
constexpr std::array<std::pair<std::string_view, UsageField>, 4> kUsage = {
    {{"minor_faults", &Execution::minor_faults},
     {"major_faults", &Execution::major_faults},
     {"voluntary_switches", &Execution::voluntary_switches},
     {"involuntary_switches", &Execution::involuntary_switches}}};

InputValue of_usage(const std::string& name, const Recording& recording) {
  const auto field = std::ranges::find(kUsage, name, &std::pair<std::string_view, UsageField>::first);
  if (field == kUsage.end()) return missing("there is no " + name + " in rusage");
  if (!recording.experiment.target.empty() || power_alone(recording.experiment))
    return missing("no command of this run was measured");
  const auto usage = statistics(series_of(recording, [&](const Execution& one) {
                                  return std::optional(static_cast<double>(one.*field->second));
                                }).values());
  return usage ? number(usage->mean) : missing("no execution");
}

double mean_of(const TestRows& rows, const RowValues& values, double& count) {
  double sum = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row)
    if (values[row]) {
      sum += values[row]->value;
      ++count;
    }
  return sum;
}

}  // namespace

FindingInputs::FindingInputs(const Recording& recording, const MetricInputs& metrics,
                             std::span<const Measurand* const> measurands)
    : recording_(recording),
      measurands_(measurands),
      metrics_(metrics),
      cpu_(cpu_family(recording.machine)) {}

std::vector<InputValue> FindingInputs::of(const FindingRule& rule) const {
  std::vector<InputValue> values;
  for (const FindingInput& input : rule.inputs) values.push_back(value(input));
  return values;
}

InputValue FindingInputs::value(const FindingInput& input) const {
  switch (input.kind) {
    case InputKind::machine:
      return of_text(input, recording_.machine);
    case InputKind::environment:
      return of_environment(input, recording_);
    case InputKind::state:
      return of_states(input, recording_);
    case InputKind::rise:
      return of_rise(input, recording_);
    case InputKind::rusage:
      return of_usage(input.name, recording_);
    case InputKind::measurand:
      return measured(input);
    case InputKind::event:
      return counted(input.name);
    case InputKind::metric:
      return metric(input.name);
    case InputKind::experiment:
      return input.name == "cores" ? cores_of(recording_) : missing("no such input: " + input.name);
  }
  return missing("");
}

InputValue FindingInputs::measured(const FindingInput& input) const {
  const std::string& name = input.name;
  const auto one = std::ranges::find(measurands_, name, [](const Measurand* each) { return each->name; });
  if (one == measurands_.end()) return absent(input, name + " is not in the recording");
  if (!(*one)->value) return missing((*one)->reason.empty() ? name + " has no value" : (*one)->reason);
  return number((*one)->value->mean);
}

// The mean over all executions that counted it.
InputValue FindingInputs::counted(const std::string& event) const {
  const EventCounts& counts = metrics_.counts(event);
  if (counts.values.empty()) return missing(event + ": " + counts.why);
  double sum = 0, count = 0;
  for (const TestRows& rows : metrics_.tests()) sum += mean_of(rows, counts.values, count);
  return count > 0 ? number(sum / count) : missing(event + " has no count");
}

InputValue FindingInputs::metric(const std::string& key) const {
  const MetricFact* fact = metrics_.list().find(key);
  if (!fact) return missing("this CPU has no metric " + key);
  const Metric metric = evaluate_metric(metrics_, *fact);
  if (metric.value) return number(metric.value->mean);
  const std::string needed = metric.missing.empty() ? "" : " (" + join(metric.missing, ", ") + ")";
  return missing(key + needed + ": " + metric.why);
}

}  // namespace pw
