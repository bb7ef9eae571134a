// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/metrics.h"

#include <map>

#include "analyze/series.h"

namespace pw {
namespace {

constexpr const char* kElapsed = "elapsed";  // the execution's own time, in ns

struct Ratio {
  const char* name;
  const char* unit;
  const char* above;
  const char* below;
  double factor;
};

constexpr Ratio kRatios[] = {
    {"IPC", "", "instructions", "cycles", 1},
    {"branch miss rate", "%", "branch-misses", "branches", 100},
    {"cache miss rate", "%", "cache-misses", "cache-references", 100},
    {"stalled frontend", "% of cycles", "stalled-cycles-frontend", "cycles", 100},
    {"stalled backend", "% of cycles", "stalled-cycles-backend", "cycles", 100},
    {"CPUs used", "", "task-clock", kElapsed, 1},
    {"frequency", "GHz", "cycles", "task-clock", 1},
};

using PassValues = std::map<int, double>;      // by pass
using TestValues = std::map<int, PassValues>;  // by test
const PassValues kNone;

TestValues elapsed_values(const Recording& recording) {
  TestValues found;
  for (const Execution* one : counted_executions(recording))
    found[one->test][one->pass] = static_cast<double>((one->end - one->begin).value);
  return found;
}

// The values of an event; `metric` learns why there are none, and how they were counted.
TestValues event_values(const Recording& recording, const std::string& name, Metric& metric) {
  const std::optional<int> event = find_event(recording, name);
  TestValues found;
  for (const Execution* execution : counted_executions(recording)) {
    const Reading* reading = event ? find_reading(*execution, *event) : nullptr;
    if (!reading) continue;
    metric.scaled = metric.scaled || reading->status == CountStatus::scaled;
    found[execution->test][execution->pass] = *scaled_value(*reading);
  }
  if (found.empty()) {
    metric.missing.push_back(name);
    if (metric.why.empty())
      metric.why = event ? why_uncounted(recording, *event) : "this run did not ask for it (-e)";
  } else {
    const Event& counted = recording.events[static_cast<std::size_t>(*event)];
    metric.user_only = metric.user_only || (!counted.software && counted.scope == Scope::user);
  }
  return found;
}

TestValues values(const Recording& recording, const std::string& name, Metric& metric) {
  return name == kElapsed ? elapsed_values(recording) : event_values(recording, name, metric);
}

const PassValues& of_test(const TestValues& all, int test) {
  const auto at = all.find(test);
  return at == all.end() ? kNone : at->second;
}

// Events per instruction over the passes of one test.
std::optional<double> per_instruction(const PassValues& counts, const PassValues& instructions) {
  double events = 0, work = 0;
  for (const auto& [pass, value] : counts) {
    if (!instructions.count(pass)) return std::nullopt;
    events += value;
    work += instructions.at(pass);
  }
  return work > 0 ? std::optional(events / work) : std::nullopt;
}

// The ratio over the passes that have both; else the ratio of the counts per instruction.
std::optional<double> ratio(const PassValues& above, const PassValues& below,
                            const PassValues& instructions) {
  double top = 0, bottom = 0;
  bool together = false;
  for (const auto& [pass, value] : above) {
    if (!below.count(pass)) continue;
    together = true;
    top += value;
    bottom += below.at(pass);
  }
  if (together) return bottom > 0 ? std::optional(top / bottom) : std::nullopt;
  const auto a = per_instruction(above, instructions);
  const auto b = per_instruction(below, instructions);
  return a && b && *b > 0 ? std::optional(*a / *b) : std::nullopt;
}

Metric evaluate(const Recording& recording, const Ratio& row, const TestValues& instructions) {
  Metric metric{row.name, row.unit, {}, {}, {}, false, false};
  const TestValues above = values(recording, row.above, metric);
  const TestValues below = values(recording, row.below, metric);
  if (!metric.missing.empty()) return metric;
  if (metric.user_only && std::string(row.below) == "task-clock") {
    metric.missing.push_back(row.above);
    metric.why = "counted in user mode only, while task-clock runs in both modes";
    return metric;
  }
  std::vector<double> by_test;
  for (const auto& [test, counts] : above)
    if (const auto one = ratio(counts, of_test(below, test), of_test(instructions, test)))
      by_test.push_back(*one * row.factor);
  metric.value = statistics(by_test);
  if (!metric.value) metric.why = std::string(row.below) + " is 0, or no pass nor instructions join the two";
  return metric;
}

}  // namespace

std::vector<Metric> metrics(const Recording& recording) {
  Metric unused;
  const TestValues instructions = event_values(recording, "instructions", unused);
  std::vector<Metric> all;
  for (const Ratio& row : kRatios) all.push_back(evaluate(recording, row, instructions));
  return all;
}

}  // namespace pw
