// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/metric_events.h"

#include <algorithm>

#include "base/text.h"
#include "cli/common.h"
#include "facts/metrics.h"
#include "machine/machine.h"

namespace pw {
namespace {

constexpr std::string_view kAlways =
    "cycles,instructions,task-clock,context-switches,cpu-migrations,page-faults";

void add(std::vector<EventRequest>& requests, const EventRequest& request) {
  const bool twice = std::any_of(requests.begin(), requests.end(), [&](const EventRequest& other) {
    return other.name == request.name && other.modifier == request.modifier;
  });
  if (!twice) requests.push_back(request);
}

// Whether some metric has several events, which may end up in different passes: instructions join these.
bool joins_events(const MetricChoice& choice) {
  return std::any_of(choice.metrics.begin(), choice.metrics.end(),
                     [](const MetricFact& fact) { return fact.events.size() > 1; });
}

}  // namespace

std::string metrics_cpu_of(const Root& root) { return metrics_cpu(describe_machine(root)); }

std::string machine_event(const Root& root, const std::string& name) {
  if (!name.starts_with("cpu/")) return name;
  for (const std::string& pmu : root.names("sys/bus/event_source/devices"))
    if (pmu == "cpu_core" || pmu.starts_with("armv8") || pmu.starts_with("armv9"))
      return pmu + name.substr(3);
  return name;
}

Result<std::vector<EventRequest>> events_for_metrics(const Root& root, const std::string& events,
                                                     const std::string& metrics) {
  const auto choice = choose_metrics(metrics_cpu_of(root), metrics);
  if (!choice) return pass_on(choice);
  auto requests = parse_events(events.empty() ? kAlways : events);
  if (!requests) return requests;
  if (joins_events(*choice)) add(*requests, parse_events("instructions")->front());
  std::vector<std::string> refused;
  Error first;
  for (const std::string& name : choice->events) {
    const auto parsed = parse_events(machine_event(root, name));
    if (parsed)
      for (const EventRequest& request : *parsed) add(*requests, request);
    else if (refused.push_back(name); refused.size() == 1)
      first = parsed.error();
  }
  if (refused.size() == choice->events.size())
    return fail(first.kind, first.what, "-M", "perfwatt list metrics says which can be had here");
  if (!refused.empty()) warn("-M: " + first.what + "; left out: " + join(refused, ", "));
  return requests;
}

}  // namespace pw
