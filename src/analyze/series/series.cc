// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <map>
#include <span>
#include <unordered_set>
#include <utility>

#include "analyze/statistics/statistics.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kLikeness = 0.01;
constexpr std::size_t kMostMissing = 20;

// Nothing where it never matched.
const std::string* capture_of(const Execution& execution, std::size_t index) {
  if (index >= execution.captures.size() || !execution.captures[index]) return nullptr;
  return &*execution.captures[index];
}

// Of the values of one test.
TestValue joined(std::span<const TestValue> passes) {
  if (passes.size() == 1) return passes.front();
  std::vector<double> values;
  for (const TestValue& pass : passes) values.push_back(pass.value);
  const Statistics all = *statistics(values);
  return {passes.front().test, all.mean, all.deviation};
}

struct TestPass {
  int test, pass;  // pass 0: it failed
  auto operator<=>(const TestPass&) const = default;
};

// The first of `passes` passes that a test lacks.
std::vector<int> missing_passes(std::span<const TestPass> there, int passes) {
  std::vector<int> missing;
  for (int pass = 1; pass <= passes && missing.size() < kMostMissing; ++pass)
    if (!std::ranges::binary_search(there, pass, {}, &TestPass::pass)) missing.push_back(pass);
  return missing;
}

}  // namespace

std::vector<double> Series::values() const {
  std::vector<double> all;
  all.reserve(tests.size());
  for (const TestValue& test : tests) all.push_back(test.value);
  return all;
}

std::vector<const Execution*> counted_executions(const Recording& recording) {
  std::vector<const Execution*> counted;
  for (const Execution& execution : recording.executions)
    if (counts(execution)) counted.push_back(&execution);
  return counted;
}

Series series_of(const Recording& recording, const ExecutionValue& value) {
  std::vector<TestValue> values;
  values.reserve(recording.executions.size());
  for (const Execution& execution : recording.executions)
    if (const auto one = counts(execution) ? value(execution) : std::nullopt)
      values.push_back({execution.test, *one, std::nullopt});
  return series_of(std::move(values));
}

Series series_of(std::vector<TestValue> values) {
  if (!std::ranges::is_sorted(values, {}, &TestValue::test))
    std::ranges::stable_sort(values, {}, &TestValue::test);
  auto end = values.begin();
  for (auto first = values.begin(); first != values.end(); ++end) {
    const auto next =
        std::find_if(first, values.end(), [&](const TestValue& one) { return one.test != first->test; });
    *end = joined({first, next});
    first = next;
  }
  values.erase(end, values.end());
  return {std::move(values), 1};
}

Seconds counted_time(const Recording& recording, const Execution& execution) {
  const Seconds delay = recording.experiment.delay.value_or(Seconds{});
  return std::max(Seconds{}, to_seconds(execution.end - execution.begin) - delay);
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
  std::vector<TestPass> there;
  for (const Execution& execution : recording.executions)
    if (!execution.warmup()) there.push_back({execution.test, counts(execution) ? execution.pass : 0});
  std::ranges::sort(there);
  std::vector<Incomplete> incomplete;
  for (auto first = there.begin(); first != there.end();) {
    const auto next =
        std::find_if(first, there.end(), [&](const TestPass& one) { return one.test != first->test; });
    std::vector<int> missing = missing_passes({first, next}, static_cast<int>(recording.passes.size()));
    if (!missing.empty()) incomplete.push_back({first->test, std::move(missing)});
    first = next;
  }
  return incomplete;
}

std::optional<Uncounted> uncounted(const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  if (event.status != CountStatus::ok) return Uncounted{event.status, event.reason};
  Uncounted why{CountStatus::not_counted, "no execution of a test has it"};
  for (const Execution& execution : recording.executions)
    for (const Reading& reading : execution.readings) {
      if (reading.event != index || !counts(execution)) continue;
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
    for (const Execution& execution : recording.executions) {
      const Reading* reading = counts(execution) ? find_reading(execution, *instructions) : nullptr;
      if (!reading) continue;
      const double value = *scaled_value(*reading);
      auto& [least, most] = range.try_emplace(execution.test, value, value).first->second;
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
    std::unordered_set<std::string_view> seen;
    for (const Execution& execution : recording.executions) {
      if (!counts(execution)) continue;
      const std::string* text = capture_of(execution, i);
      if (!text) {
        ++one.missing;
        continue;
      }
      numeric = numeric && parse_number(*text).has_value();
      if (seen.insert(*text).second) one.distinct.push_back(*text);
    }
    if (numeric)
      one.numbers = series_of(recording, [&](const Execution& execution) {
        const std::string* text = capture_of(execution, i);
        return text ? parse_number(*text) : std::nullopt;
      });
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace pw
