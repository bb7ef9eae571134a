// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/metrics/metric_inputs.h"

#include <algorithm>
#include <utility>

#include "analyze/series/series.h"
#include "analyze/statistics/parts.h"
#include "base/list.h"
#include "base/text.h"

namespace pw {
namespace {

using Rows = std::span<const Execution* const>;

// By test and pass. Of a pass that is there twice, which no perfwatt writes, the last counts.
std::vector<const Execution*> rows_of(const Recording& recording) {
  const auto pass_of = [](const Execution* one) { return std::pair(one->test, one->pass); };
  std::vector<const Execution*> rows = counted_executions(recording);
  std::ranges::reverse(rows);
  std::ranges::stable_sort(rows, {}, pass_of);
  const auto is_again = [&](const auto* one, const auto* other) { return pass_of(one) == pass_of(other); };
  rows.erase(std::unique(rows.begin(), rows.end(), is_again), rows.end());
  return rows;
}

std::vector<TestRows> tests_of(Rows rows) {
  std::vector<TestRows> tests;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (tests.empty() || tests.back().test != rows[i]->test) tests.push_back({rows[i]->test, i, i});
    tests.back().end = i + 1;
  }
  return tests;
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

EventCounts counts_of(const Recording& recording, Rows rows, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  EventCounts counts;
  counts.values.resize(rows.size());
  bool any = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Reading* reading = find_reading(*rows[i], index);
    if (!reading) continue;
    any = true;
    counts.scaled = counts.scaled || reading->status == CountStatus::scaled;
    counts.values[i] = {*scaled_value(*reading), scaling_band(*reading)};
  }
  if (!any) counts.values.clear();
  if (!any) counts.why = why_uncounted(recording, index);
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
  if (chip.values.empty() && sum.why.empty()) sum.why = chip.why;
  sum.values.resize(std::max(sum.values.size(), chip.values.size()));
  for (std::size_t i = 0; i < chip.values.size(); ++i) {
    if (!chip.values[i]) continue;
    const Banded before = sum.values[i].value_or(Banded{});
    sum.values[i] = {before.value + chip.values[i]->value, before.band + chip.values[i]->band};
  }
}

EventCounts sum_of_chips(const Recording& recording, Rows rows, const std::string& event) {
  EventCounts sum;
  bool any = false;
  for (std::size_t i = 0; i < recording.events.size(); ++i) {
    if (!is_of_a_chip(event, recording.events[i].name)) continue;
    any = true;
    add_chip(sum, counts_of(recording, rows, static_cast<int>(i)));
  }
  if (!any) sum.why = "this run did not ask for it (-e)";
  if (!sum.why.empty()) sum.values.clear();
  return sum;
}

EventCounts find_counts(const Recording& recording, Rows rows, const MetricList& list,
                        const std::string& event) {
  if (event.find("chip=?") != std::string::npos) return sum_of_chips(recording, rows, event);
  EventCounts refused;
  for (const int index : candidates(recording, list, event)) {
    EventCounts counts = counts_of(recording, rows, index);
    if (!counts.values.empty()) return counts;
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
      rows_(rows_of(recording)),
      tests_(tests_of(rows_)),
      cpus_(cpus_online(recording.machine)) {}

double MetricInputs::seconds(std::size_t row) const { return counted_time(recording_, *rows_[row]).value; }

const EventCounts& MetricInputs::counts(const std::string& event) const {
  const auto at = known_.find(event);
  if (at != known_.end()) return at->second;
  return known_.emplace(event, find_counts(recording_, rows_, list_, event)).first->second;
}

}  // namespace pw
