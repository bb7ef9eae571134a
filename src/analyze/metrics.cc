// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/metrics.h"

#include <map>

#include "analyze/series.h"

namespace pw {
namespace {

struct Ratio {
  const char* name;
  const char* unit;
  const char* above;
  const char* below;  // an event, or "elapsed" in ns
  double factor;
};

constexpr Ratio kRatios[] = {
    {"IPC", "", "instructions", "cycles", 1},
    {"branch miss rate", "%", "branch-misses", "branches", 100},
    {"cache miss rate", "%", "cache-misses", "cache-references", 100},
    {"frontend stalls", "% of cycles", "stalled-cycles-frontend", "cycles", 100},
    {"backend stalls", "% of cycles", "stalled-cycles-backend", "cycles", 100},
    {"CPUs used", "", "task-clock", "elapsed", 1},
    {"frequency", "GHz", "cycles", "task-clock", 1},
};

// By pass, the values of one test.
using PassValues = std::map<int, double>;

class Inputs {
 public:
  explicit Inputs(const Recording& recording)
      : recording_(recording), executions_(counted_executions(recording)) {}

  // By test and pass; empty where there is no such event or it has no value.
  std::map<int, PassValues> values(const std::string& name) {
    std::map<int, PassValues> found;
    const std::optional<int> event = find_event(recording_, name);
    for (const Execution* execution : executions_) {
      if (name == "elapsed")
        found[execution->test][execution->pass] =
            static_cast<double>((execution->end - execution->begin).value);
      const Reading* reading = event ? find_reading(*execution, *event) : nullptr;
      if (!reading) continue;
      scaled = scaled || reading->status == CountStatus::scaled;
      found[execution->test][execution->pass] = *scaled_value(*reading);
    }
    return found;
  }

  bool scaled = false;

 private:
  const Recording& recording_;
  std::vector<const Execution*> executions_;
};

double sum(const PassValues& values) {
  double total = 0;
  for (const auto& [pass, value] : values) total += value;
  return total;
}

// The ratio over the passes that have both; else the ratio of the counts per instruction.
std::optional<double> ratio(const PassValues& above, const PassValues& below,
                            const PassValues& instructions) {
  PassValues both_above, both_below;
  for (const auto& [pass, value] : above)
    if (below.count(pass)) both_above[pass] = value, both_below[pass] = below.at(pass);
  if (!both_above.empty())
    return sum(both_below) > 0 ? std::optional(sum(both_above) / sum(both_below)) : std::nullopt;
  const auto per_instruction = [&](const PassValues& counts) -> std::optional<double> {
    double events = 0, work = 0;
    for (const auto& [pass, value] : counts) {
      if (!instructions.count(pass)) return std::nullopt;
      events += value;
      work += instructions.at(pass);
    }
    return work > 0 ? std::optional(events / work) : std::nullopt;
  };
  const auto a = per_instruction(above);
  const auto b = per_instruction(below);
  return a && b && *b > 0 ? std::optional(*a / *b) : std::nullopt;
}

Metric evaluate(const Recording& recording, const Ratio& row) {
  Inputs inputs(recording);
  Metric metric{row.name, row.unit, std::nullopt, "", false};
  const auto above = inputs.values(row.above);
  const auto below = inputs.values(row.below);
  metric.scaled = inputs.scaled;
  const auto instructions = inputs.values("instructions");
  if (above.empty()) metric.missing = row.above;
  if (below.empty()) metric.missing += std::string(metric.missing.empty() ? "" : ", ") + row.below;
  std::vector<double> by_test;
  for (const auto& [test, values] : above) {
    const auto found = below.find(test);
    const auto work = instructions.find(test);
    if (found == below.end()) continue;
    if (const auto one =
            ratio(values, found->second, work == instructions.end() ? PassValues{} : work->second))
      by_test.push_back(*one * row.factor);
  }
  metric.value = statistics(by_test);
  if (!metric.value && metric.missing.empty()) metric.missing = std::string(row.below) + " above 0";
  return metric;
}

}  // namespace

std::vector<Metric> metrics(const Recording& recording) {
  std::vector<Metric> all;
  for (const Ratio& row : kRatios) all.push_back(evaluate(recording, row));
  return all;
}

}  // namespace pw
