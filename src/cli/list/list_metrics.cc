// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt list metrics.
#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "cli/list/list_metrics.h"
#include "counters/plan/resolve.h"
#include "facts/metrics.h"
#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"
#include "record/metric_events.h"
#include "report/text/reason_groups.h"

namespace pw {
namespace {

// Why an event cannot be counted here; "" where it can. Each is asked for once.
class Countable {
 public:
  const std::string& refusal(const std::string& event) {
    const auto at = known_.find(event);
    return at != known_.end() ? at->second : known_.emplace(event, ask(event)).first->second;
  }

 private:
  std::string ask(const std::string& event) {
    const auto requests = parse_events(machine_event(root_, event), names_);
    if (!requests) return "unknown here";
    const Event resolved = resolve_events(*requests, opener_, root_, limits_).front().event;
    if (resolved.status == CountStatus::ok) return "";
    return fmt::format("{}: {}", to_text(resolved.status), resolved.reason);
  }

  Root root_;
  EventNames names_ = EventNames::here();
  KernelOpener opener_;
  CountingLimits limits_ = counting_limits(root_);
  std::map<std::string, std::string> known_;
};

std::string status_of(const MetricFact& fact, Countable& countable) {
  ReasonGroups reasons;
  for (const MetricEvent& one : fact.events)
    if (const std::string& reason = countable.refusal(one.event); !reason.empty())
      reasons.add(reason, one.event);
  std::vector<std::string> texts;
  for (const auto& [reason, events] : reasons.all()) texts.push_back(fmt::format("{}: {}", events, reason));
  return texts.empty() ? "ok" : "not here: " + join(texts, "; ");
}

void print(const MetricFact& fact, Countable& countable) {
  const std::string unit = fact.unit.empty() ? "" : fmt::format(" [{}]", fact.unit);
  fmt::print("{:<40} {}{}\n", fact.key, fact.title, unit);
  fmt::print("    {}\n    {}\n", formula_with_events(fact), fact.meaning);
  fmt::print("    {}\n", status_of(fact, countable));
}

int report_none(const std::string& pattern, const MetricList& list) {
  std::vector<std::string> names;
  for (const MetricFact& fact : list.metrics) names.push_back(fact.key);
  for (const MetricSet& set : list.sets) names.push_back(set.name);
  const std::string meant = did_you_mean(pattern, names);
  return report_error({Failure::input, "no metric has '" + pattern + "' in its key", "list metrics",
                       meant.empty() ? "perfwatt list metrics shows them all" : meant});
}

}  // namespace

int list_metrics(const std::string& pattern) {
  const MetricList list = metrics_of_cpu(metrics_cpu_of(Root()));
  Countable countable;
  bool any = false;
  for (const MetricFact& fact : list.metrics) {
    if (fact.key.find(pattern) == std::string::npos) continue;
    any = true;
    print(fact, countable);
  }
  for (const MetricSet& set : list.sets) {
    if (set.name.find(pattern) == std::string::npos) continue;
    any = true;
    fmt::print("{:<40} a set: {}\n", set.name, join(set.keys, ", "));
  }
  return any ? 0 : report_none(pattern, list);
}

}  // namespace pw
