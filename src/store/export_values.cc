// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/export_values.h"

#include <fmt/format.h>

#include <algorithm>

namespace pw {

const PowerSource& source_of(const Recording& recording, const Channel& channel) {
  return recording.sources[static_cast<std::size_t>(channel.source)];
}

std::set<int> tests_of(const Recording& recording) {
  std::set<int> tests;
  for (const Execution& execution : recording.executions)
    if (!execution.warmup()) tests.insert(execution.test);
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
    if (!execution.warmup())
      for (const Reading& reading : execution.readings)
        rows.push_back(counter_row(recording, execution, reading));
  for (const int test : tests_of(recording))
    for (const Event& event : recording.events)
      if (event.status != CountStatus::ok)
        rows.push_back({test, std::nullopt, &event, nullptr, event.status, event.reason});
  std::ranges::stable_sort(rows, {}, &CounterRow::test);
  return rows;
}

std::string count_text(const Reading* reading) {
  if (!reading) return "";
  if (reading->status == CountStatus::ok) return std::to_string(reading->value);
  const std::optional<double> scaled = scaled_value(*reading);
  return scaled ? fmt::format("{:.0f}", *scaled) : "";
}

}  // namespace pw
