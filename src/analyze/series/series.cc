// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "analyze/statistics/statistics.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kLikeness = 0.01;
constexpr std::size_t kMostMissing = 20;

std::optional<std::string> capture_of(const Execution& execution, std::size_t index) {
  return index < execution.captures.size() ? execution.captures[index] : std::nullopt;
}

}  // namespace

std::vector<double> Series::values() const {
  std::vector<double> all;
  for (const TestValue& test : tests) all.push_back(test.value);
  return all;
}

std::vector<const Execution*> counted_executions(const Recording& recording) {
  std::vector<const Execution*> counted;
  for (const Execution& execution : recording.executions)
    if (execution.of_test() && !execution.failed()) counted.push_back(&execution);
  return counted;
}

Series series_of(const Recording& recording, const ExecutionValue& value) {
  std::map<int, std::vector<double>> by_test;
  for (const Execution* execution : counted_executions(recording))
    if (const std::optional<double> one = value(*execution))
      by_test.try_emplace(by_test.end(), execution->test)->second.push_back(*one);
  return series_of(by_test);
}

Series series_of(const std::map<int, std::vector<double>>& by_test) {
  Series series;
  for (const auto& [test, values] : by_test) {
    if (values.size() == 1) {
      series.tests.push_back({test, values[0], std::nullopt});
      continue;
    }
    const Statistics passes = *statistics(values);
    series.tests.push_back(
        {test, passes.mean, passes.n > 1 ? std::optional(passes.deviation) : std::nullopt});
  }
  return series;
}

Series elapsed_series(const Recording& recording) {
  return series_of(recording, [](const Execution& one) { return to_seconds(one.end - one.begin).value; });
}

const Reading* find_reading(const Execution& execution, int event) {
  const auto at = std::find_if(
      execution.readings.begin(), execution.readings.end(),
      [&](const Reading& reading) { return reading.event == event && scaled_value(reading).has_value(); });
  return at == execution.readings.end() ? nullptr : &*at;
}

Series counter_series(const Recording& recording, int event) {
  double coverage = 1;
  Series series = series_of(recording, [&](const Execution& execution) -> std::optional<double> {
    const Reading* reading = find_reading(execution, event);
    if (!reading) return std::nullopt;
    coverage = std::min(
        coverage, static_cast<double>(reading->running.value) / static_cast<double>(reading->enabled.value));
    return amount_of(recording.events[static_cast<std::size_t>(event)], *reading);
  });
  series.least_coverage = coverage;
  return series;
}

std::optional<int> find_event(const Recording& recording, std::string_view name) {
  for (std::size_t i = 0; i < recording.events.size(); ++i)
    if (recording.events[i].name == name && recording.events[i].modifier.empty()) return static_cast<int>(i);
  return std::nullopt;
}

std::vector<Incomplete> incomplete_tests(const Recording& recording) {
  std::map<int, std::set<int>> counted;
  for (const Execution& execution : recording.executions)
    if (!execution.warmup()) counted[execution.test];
  for (const Execution* execution : counted_executions(recording))
    counted[execution->test].insert(execution->pass);
  std::vector<Incomplete> incomplete;
  for (const auto& [test, passes] : counted) {
    Incomplete one{test, {}};
    const int last = static_cast<int>(recording.passes.size());
    for (int pass = 1; pass <= last && one.missing.size() < kMostMissing; ++pass)
      if (!passes.count(pass)) one.missing.push_back(pass);
    if (!one.missing.empty()) incomplete.push_back(std::move(one));
  }
  return incomplete;
}

std::optional<Uncounted> uncounted(const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  if (event.status != CountStatus::ok) return Uncounted{event.status, event.reason};
  Uncounted why{CountStatus::not_counted, "no execution of a test has it"};
  for (const Execution* execution : counted_executions(recording))
    for (const Reading& reading : execution->readings) {
      if (reading.event != index) continue;
      if (scaled_value(reading)) return std::nullopt;
      why = {reading.status, reading.reason.empty() ? "the kernel never ran it" : reading.reason};
    }
  return why;
}

std::string why_uncounted(const Recording& recording, int index) {
  const std::optional<Uncounted> why = uncounted(recording, index);
  return why ? fmt::format("{}: {}", to_text(why->status), why->reason) : "";
}

std::vector<int> unlike_tests(const Recording& recording) {
  const std::optional<int> instructions = find_event(recording, "instructions");
  std::map<int, std::pair<double, double>> range;
  if (instructions) {
    for (const Execution* execution : counted_executions(recording)) {
      const Reading* reading = find_reading(*execution, *instructions);
      if (!reading) continue;
      const double value = *scaled_value(*reading);
      auto& [least, most] = range.try_emplace(execution->test, value, value).first->second;
      least = std::min(least, value);
      most = std::max(most, value);
    }
  }
  std::vector<int> unlike;
  for (const auto& [test, ends] : range)
    if (ends.second - ends.first > kLikeness * ends.second) unlike.push_back(test);
  return unlike;
}

std::vector<Captured> captured(const Recording& recording) {
  std::vector<Captured> all;
  for (std::size_t i = 0; i < recording.experiment.captures.size(); ++i) {
    Captured one;
    one.name = recording.experiment.captures[i].name;
    bool numeric = true;
    std::unordered_set<std::string> seen;
    for (const Execution* execution : counted_executions(recording)) {
      const std::optional<std::string> text = capture_of(*execution, i);
      if (!text) {
        ++one.missing;
        continue;
      }
      numeric = numeric && parse_number(*text).has_value();
      if (seen.insert(*text).second) one.distinct.push_back(*text);
    }
    if (numeric)
      one.numbers = series_of(recording, [&](const Execution& execution) {
        const auto text = capture_of(execution, i);
        return text ? parse_number(*text) : std::nullopt;
      });
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace pw
