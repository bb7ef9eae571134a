// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/metrics/metric_inputs.h"

#include <algorithm>
#include <vector>

#include "analyze/series/series.h"
#include "analyze/statistics/parts.h"
#include "base/list.h"
#include "base/text.h"

namespace pw {
namespace {

TestValues elapsed(const Recording& recording) {
  TestValues found;
  for (const Execution* one : counted_executions(recording))
    found[one->test][one->pass].value = to_seconds(one->end - one->begin).value;
  return found;
}

std::optional<double> cpus_online(const Machine& machine) {
  for (const Fact& fact : machine)
    if (fact.key == "cpus_online") {
      const auto cpus = parse_list(fact.value);
      return cpus ? std::optional(static_cast<double>(cpus->size())) : std::nullopt;
    }
  return std::nullopt;
}

bool is_cpu_pmu(std::string_view name) {
  return name == "cpu" || name == "cpu_core" || name.starts_with("armv8") || name.starts_with("armv9");
}

// The hardware's own name of what was counted: "PM_CMPLU_STALL" of "PM_CMPLU_STALL r1e054".
std::string_view hardware_name(const Event& event) {
  return std::string_view(event.hardware_event).substr(0, event.hardware_event.find(' '));
}

// The events of the recording that will do, best first.
std::vector<int> candidates(const Recording& recording, const MetricList& list, const std::string& wanted) {
  std::vector<std::string> names = {wanted};
  for (const Synonym& one : list.synonyms)
    if (one.event == wanted) names.push_back(one.instead);
  std::vector<int> found, behind;
  for (const std::string& name : names)
    for (std::size_t i = 0; i < recording.events.size(); ++i) {
      const Event& event = recording.events[i];
      if (!event.modifier.empty()) continue;
      if (is_event(name, event.name)) found.push_back(static_cast<int>(i));
      if (name.starts_with("PM_") && hardware_name(event) == name) behind.push_back(static_cast<int>(i));
    }
  found.insert(found.end(), behind.begin(), behind.end());
  return found;
}

EventCounts counts_of(const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  EventCounts counts;
  for (const Execution* execution : counted_executions(recording)) {
    const Reading* reading = find_reading(*execution, index);
    if (!reading) continue;
    counts.scaled = counts.scaled || reading->status == CountStatus::scaled;
    counts.tests[execution->test][execution->pass] = {*scaled_value(*reading), scaling_band(*reading)};
  }
  if (counts.tests.empty()) counts.why = why_uncounted(recording, index);
  counts.user_only = !event.software && event.scope == Scope::user;
  counts.clock = event.unit == "ns" || event.name == "task-clock" || event.name == "cpu-clock";
  return counts;
}

// "hv_24x7/NAME,chip=3/" for "hv_24x7/NAME,chip=?/".
bool is_of_a_chip(std::string_view wanted, std::string_view recorded) {
  const std::size_t at = wanted.find('?');
  if (recorded.size() < wanted.size()) return false;
  if (!recorded.starts_with(wanted.substr(0, at)) || !recorded.ends_with(wanted.substr(at + 1))) return false;
  return parse_integer(recorded.substr(at, recorded.size() + 1 - wanted.size())).has_value();
}

// Adds what another chip counted; a chip that was not counted leaves the whole unknown.
void add_chip(EventCounts& sum, const EventCounts& chip) {
  sum.scaled = sum.scaled || chip.scaled;
  if (chip.tests.empty() && sum.why.empty()) sum.why = chip.why;
  for (const auto& [test, passes] : chip.tests)
    for (const auto& [pass, value] : passes) {
      sum.tests[test][pass].value += value.value;
      sum.tests[test][pass].band += value.band;
    }
}

EventCounts sum_of_chips(const Recording& recording, const std::string& event) {
  EventCounts sum;
  bool any = false;
  for (std::size_t i = 0; i < recording.events.size(); ++i) {
    if (!is_of_a_chip(event, recording.events[i].name)) continue;
    any = true;
    add_chip(sum, counts_of(recording, static_cast<int>(i)));
  }
  if (!any) sum.why = "this run did not ask for it (-e)";
  if (!sum.why.empty()) sum.tests.clear();
  return sum;
}

EventCounts find_counts(const Recording& recording, const MetricList& list, const std::string& event) {
  if (event.find("chip=?") != std::string::npos) return sum_of_chips(recording, event);
  EventCounts refused;
  for (const int index : candidates(recording, list, event)) {
    EventCounts counts = counts_of(recording, index);
    if (!counts.tests.empty()) return counts;
    if (refused.why.empty()) refused.why = counts.why;
  }
  if (refused.why.empty()) refused.why = "this run did not ask for it (-e)";
  return refused;
}

}  // namespace

bool is_event(std::string_view wanted, std::string_view recorded) {
  if (wanted == recorded) return true;
  if (!wanted.starts_with("cpu/") || !wanted.ends_with('/')) return false;
  const std::string_view name = wanted.substr(4, wanted.size() - 5);
  if (recorded == name) return true;
  const std::size_t slash = recorded.find('/');
  return slash != std::string_view::npos && is_cpu_pmu(recorded.substr(0, slash)) &&
         recorded.substr(slash) == wanted.substr(3);
}

double scaling_band(const Reading& reading) {
  if (reading.status != CountStatus::scaled) return 0;
  const double coverage =
      static_cast<double>(reading.running.value) / static_cast<double>(reading.enabled.value);
  return kUniform95 * (1 - coverage) * scaled_value(reading).value_or(0);
}

MetricInputs::MetricInputs(const Recording& recording)
    : recording_(recording),
      list_(metrics_of_cpu(metrics_cpu(recording.machine))),
      seconds_(elapsed(recording)),
      cpus_(cpus_online(recording.machine)) {}

const EventCounts& MetricInputs::counts(const std::string& event) const {
  const auto at = known_.find(event);
  if (at != known_.end()) return at->second;
  return known_.emplace(event, find_counts(recording_, list_, event)).first->second;
}

}  // namespace pw
