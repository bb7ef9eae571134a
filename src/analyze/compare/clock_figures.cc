// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analyze/compare/clock_or_code.h"
#include "analyze/series/machine_states.h"
#include "analyze/statistics/robust.h"

namespace pw {
namespace {

constexpr double kStealApart = 0.01;  // of the elapsed time

const Measurand* whole_count(const Explanation& one, std::string_view name) {
  for (std::size_t i = 0; i < one.recording->events.size(); ++i) {
    const Event& event = one.recording->events[i];
    if (event.name == name && event.modifier.empty() && event.counted_on.empty())
      return &one.analysis->run.counters[i];
  }
  return nullptr;
}

struct ClockEvent {
  const char *name, *were;
};
constexpr ClockEvent kClockEvents[] = {{"cycles", "cycles were"}, {"task-clock", "task-clock was"}};

std::string why_not_counted(const Explanation& one, const ClockEvent& event) {
  const Measurand* count = whole_count(one, event.name);
  if (!count) return fmt::format("{} not asked for", event.were);
  if (count->value) return "";
  return fmt::format("{} not counted ({}{}{})", event.were, count->status, count->reason.empty() ? "" : ": ",
                     count->reason);
}

Scope scope_of_count(const Recording& recording, std::string_view name) {
  const auto at = std::ranges::find_if(recording.events, [&](const Event& event) {
    return event.name == name && event.modifier.empty() && event.counted_on.empty();
  });
  return at == recording.events.end() ? Scope::both : at->scope;
}

std::string why_no_clock(const Explanation& one) {
  for (const ClockEvent& event : kClockEvents)
    if (const std::string why = why_not_counted(one, event); !why.empty()) return why;
  if (scope_of_count(*one.recording, "cycles") != scope_of_count(*one.recording, "task-clock"))
    return "cycles were counted in user mode only, task-clock in both";
  if (one.recording->experiment.delay)
    return "with --delay cycles are counted for a part of the elapsed time";
  return "";
}

using ByTest = std::map<int, double>;

ByTest by_test(const Measurand& one) {
  ByTest values;
  for (const TestValue& test : one.series.tests) values.emplace(test.test, test.value);
  return values;
}

struct ClockValues {
  ByTest elapsed, cycles, cpu_seconds;
  bool has(int test) const {
    return elapsed.contains(test) && cycles.contains(test) && cpu_seconds.contains(test);
  }
};

ClockValues clock_values(const Explanation& one) {
  return {by_test(one.analysis->run.elapsed), by_test(*whole_count(one, "cycles")),
          by_test(*whole_count(one, "task-clock"))};
}

// The tests that have all three, in `others` too.
void add_side(const ClockValues& values, const ClockValues& others, ClockSide& side) {
  for (auto* tests : {&side.elapsed, &side.cycles, &side.cpu_seconds}) tests->emplace_back();
  for (const auto& [test, seconds] : values.elapsed) {
    if (!values.has(test) || !others.has(test)) continue;
    side.elapsed.back().push_back(seconds);
    side.cycles.back().push_back(values.cycles.at(test));
    side.cpu_seconds.back().push_back(values.cpu_seconds.at(test));
  }
}

// Of the elapsed time, a value a test.
std::vector<double> steal_shares(std::span<const Explanation> recordings) {
  std::vector<double> shares;
  for (const Explanation& one : recordings) {
    const auto& given = one.analysis->run.given;
    const auto steal = std::ranges::find(given, "steal", &Measurand::name);
    if (steal == given.end()) continue;
    const ByTest elapsed = by_test(one.analysis->run.elapsed);
    for (const TestValue& test : steal->series.tests)
      if (const auto time = elapsed.find(test.test); time != elapsed.end() && time->second > 0)
        shares.push_back(test.value / time->second);
  }
  return shares;
}

struct Throttled {
  std::size_t executions = 0, throttled = 0;
};
Throttled throttling(std::span<const Explanation> recordings) {
  Throttled seen;
  for (const Explanation& one : recordings)
    for (const Execution* execution : counted_executions(*one.recording))
      if (const auto rise = throttled(*execution)) {
        ++seen.executions;
        seen.throttled += *rise > 0;
      }
  return seen;
}

void add_machine(std::span<const Explanation> before, std::span<const Explanation> after,
                 std::vector<std::string>& machine) {
  const std::vector<double> one = steal_shares(before), other = steal_shares(after);
  if (!one.empty() && !other.empty() && std::abs(median(other) - median(one)) > kStealApart)
    machine.push_back(
        fmt::format("steal {:.3g} -> {:.3g} % of the elapsed time", 100 * median(one), 100 * median(other)));
  const Throttled old_ones = throttling(before), new_ones = throttling(after);
  if (old_ones.throttled != new_ones.throttled && old_ones.executions > 0 && new_ones.executions > 0)
    machine.push_back(fmt::format("CPUs were throttled in {} of {} executions -> {} of {}",
                                  old_ones.throttled, old_ones.executions, new_ones.throttled,
                                  new_ones.executions));
}

}  // namespace

ClockOrCode clock_or_code(std::span<const Explanation> before, std::span<const Explanation> after,
                          const ClockTerms& terms) {
  ClockOrCode split;
  ClockSide sides[2];
  for (const auto* side : {&before, &after})
    for (const Explanation& one : *side) {
      if (!split.why.empty()) break;
      split.why = why_no_clock(one);
    }
  const auto add = [&](std::span<const Explanation> ones, std::span<const Explanation> others,
                       ClockSide& side) {
    for (const Explanation& one : ones)
      add_side(clock_values(one), clock_values(terms.basis == Basis::interleaved ? others.front() : one),
               side);
  };
  if (split.why.empty()) {
    add(before, after, sides[0]);
    add(after, before, sides[1]);
    split = split_clock(sides[0], sides[1], terms);
  }
  add_machine(before, after, split.machine);
  return split;
}

}  // namespace pw
