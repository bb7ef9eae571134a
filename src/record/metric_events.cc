// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/metric_events.h"

#include <algorithm>

#include "base/text.h"
#include "facts/metrics.h"
#include "machine/cpuinfo.h"

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

struct Refused {
  std::vector<std::string> names;
  Error first;
};

// Adds those that are known here.
Refused add_events(std::vector<EventRequest>& requests, const std::vector<std::string>& names,
                   const Root& root, const EventNames& known) {
  Refused refused;
  for (const std::string& name : names) {
    const auto parsed = parse_events(machine_event(root, name), known);
    if (parsed)
      for (const EventRequest& request : *parsed) add(requests, request);
    else if (refused.names.push_back(name); refused.names.size() == 1)
      refused.first = parsed.error();
  }
  return refused;
}

}  // namespace

std::string metrics_cpu_of(const Root& root) { return metrics_group(cpu_family(root)); }

std::string machine_event(const Root& root, const std::string& name) {
  if (!name.starts_with("cpu/")) return name;
  for (const std::string& pmu : root.names("sys/bus/event_source/devices"))
    if (pmu == "cpu_core" || pmu.starts_with("armv8") || pmu.starts_with("armv9"))
      return pmu + name.substr(3);
  return name;
}

Result<MetricEvents> events_for_metrics(const Root& root, const std::string& events,
                                        const std::string& metrics) {
  const auto choice = choose_metrics(metrics_cpu_of(root), metrics);
  if (!choice) return pass_on(choice);
  const EventNames known = EventNames::here();
  auto requests = parse_events(events.empty() ? kAlways : events, known);
  if (!requests) return pass_on(requests);
  if (joins_events(*choice)) add(*requests, parse_events("instructions", known)->front());
  const Refused refused = add_events(*requests, choice->events, root, known);
  if (refused.names.size() == choice->events.size())
    return fail(refused.first.kind, refused.first.what, "-M",
                "perfwatt list metrics says which can be had here");
  if (refused.names.empty()) return MetricEvents{std::move(*requests), ""};
  return MetricEvents{std::move(*requests),
                      "-M: " + refused.first.what + "; left out: " + join(refused.names, ", ")};
}

}  // namespace pw
