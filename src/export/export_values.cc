// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace pw {

std::set<int> tests_of(const Recording& recording) {
  std::set<int> tests;
  for (const Execution& execution : recording.executions)
    if (execution.of_test()) tests.insert(execution.test);
  return tests;
}

std::optional<double> coverage_of(const Reading& reading) {
  if (reading.enabled.value <= 0) return std::nullopt;
  return static_cast<double>(reading.running.value) / static_cast<double>(reading.enabled.value);
}

namespace {

CounterRow counter_row(const Recording& recording, const Execution& execution, const Reading& reading) {
  const Event& event = recording.events[static_cast<std::size_t>(reading.event)];
  const std::string_view reason = reading.reason.empty() ? event.reason : reading.reason;
  return {execution.test, execution.pass, &event, &reading, reading.status, reason};
}

}  // namespace

std::vector<CounterRow> counter_rows(const Recording& recording) {
  std::vector<CounterRow> rows;
  for (const Execution& execution : recording.executions)
    if (execution.of_test())
      for (const Reading& reading : execution.readings)
        rows.push_back(counter_row(recording, execution, reading));
  for (const int test : tests_of(recording))
    for (const Event& event : recording.events)
      if (event.status != CountStatus::ok)
        rows.push_back({test, std::nullopt, &event, nullptr, event.status, event.reason});
  std::ranges::stable_sort(rows, {}, &CounterRow::test);
  return rows;
}

std::string count_text(const Event& event, const Reading* reading) {
  if (!reading) return "";
  if (event.scale != 1) {
    const std::optional<double> amount = amount_of(event, *reading);
    return amount ? exact_number(*amount) : "";
  }
  if (reading->status == CountStatus::ok) return std::to_string(reading->value);
  const std::optional<double> scaled = scaled_value(*reading);
  return scaled ? fmt::format("{:.0f}", *scaled) : "";
}

namespace {

DetailRow detail_row(const Recording& recording, const Execution& execution, const Reading& reading) {
  return {execution.test,
          execution.pass,
          &recording.events[static_cast<std::size_t>(reading.event)],
          reading,
          "",
          0};
}

}  // namespace

std::vector<DetailRow> part_rows(const Recording& recording) {
  std::vector<DetailRow> rows;
  for (const Execution& execution : recording.executions)
    for (const PartReading& part : execution.parts) {
      if (!execution.of_test()) continue;
      rows.push_back(detail_row(recording, execution, part.reading));
      rows.back().part = part.part;
    }
  return rows;
}

std::vector<DetailRow> interval_rows(const Recording& recording) {
  std::vector<DetailRow> rows;
  for (const Execution& execution : recording.executions) {
    if (!execution.of_test()) continue;
    std::map<int, Reading> before;
    for (const IntervalReading& one : execution.intervals) {
      const auto [last, first] = before.try_emplace(one.reading.event, one.reading);
      rows.push_back(
          detail_row(recording, execution, first ? one.reading : difference(last->second, one.reading)));
      rows.back().time_s = since_start(recording, one.time);
      last->second = one.reading;
    }
  }
  return rows;
}

}  // namespace pw
