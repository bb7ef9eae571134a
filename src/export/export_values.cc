// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyze/regions/region_analysis.h"
#include "base/text.h"

namespace pw {

std::string_view around_at(const Recording& recording, Nanoseconds time) {
  const auto later = std::ranges::upper_bound(recording.interludes, time, {}, &Interlude::begin);
  if (later == recording.interludes.begin() || std::prev(later)->end <= time) return "";
  return to_text(std::prev(later)->kind);
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

// Of tests, by test.
std::vector<const Execution*> executions_by_test(const Recording& recording) {
  std::vector<const Execution*> executions;
  for (const Execution& execution : recording.executions)
    if (execution.of_test()) executions.push_back(&execution);
  std::ranges::stable_sort(executions, {}, &Execution::test);
  return executions;
}

}  // namespace

void for_counter_rows(const Recording& recording, const std::function<void(const CounterRow&)>& row) {
  const std::vector<const Execution*> executions = executions_by_test(recording);
  for (std::size_t i = 0; i < executions.size(); ++i) {
    const int test = executions[i]->test;
    for (const Reading& reading : executions[i]->readings)
      row(counter_row(recording, *executions[i], reading));
    if (i + 1 < executions.size() && executions[i + 1]->test == test) continue;
    for (const Event& event : recording.events)
      if (event.status != CountStatus::ok)
        row({test, std::nullopt, &event, nullptr, event.status, event.reason});
  }
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

// Those of that total, which is the next one that has some.
std::span<const RegionCount> take_counts(std::span<const RegionCount>& left, int total) {
  const auto end = std::ranges::find_if(left, [&](const RegionCount& one) { return one.total != total; });
  const auto taken = left.first(static_cast<std::size_t>(end - left.begin()));
  left = left.subspan(taken.size());
  return taken;
}

DetailRow detail_row(const Recording& recording, const Execution& execution, const Reading& reading) {
  return {execution.test,
          execution.pass,
          &recording.events[static_cast<std::size_t>(reading.event)],
          reading,
          "",
          0,
          {},
          {}};
}

}  // namespace

Reading reading_of(const ExecutionRegions& regions, const RegionCount& count, std::uint64_t value) {
  return {count.event,   value,
          count.enabled, count.running,
          count.status,  count.reason < 0 ? "" : regions.reasons[static_cast<std::size_t>(count.reason)]};
}

void for_region_rows(const Recording& recording, const std::function<void(const RegionTotalRow&)>& row) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < recording.regions.size(); ++i)
    paths.push_back(region_path(recording, static_cast<int>(i)));
  for (const Execution& execution : recording.executions) {
    if (!execution.of_test() || !execution.regions) continue;
    std::span<const RegionCount> left = execution.regions->counts;
    for (const RegionTotal& total : execution.regions->totals) {
      const auto region = static_cast<std::size_t>(total.region);
      const auto counts = take_counts(left, static_cast<int>(&total - execution.regions->totals.data()));
      row({&execution, &execution.regions->threads[static_cast<std::size_t>(total.thread)], &total,
           &recording.regions[region], paths[region], counts});
    }
  }
}

void for_part_rows(const Recording& recording, const std::function<void(const DetailRow&)>& row) {
  for (const Execution& execution : recording.executions)
    for (const PartReading& part : execution.parts) {
      if (!execution.of_test()) continue;
      DetailRow detail = detail_row(recording, execution, part.reading);
      detail.part = part.part;
      row(detail);
    }
}

void for_interval_rows(const Recording& recording, const std::function<void(const DetailRow&)>& row) {
  for (const Execution& execution : recording.executions) {
    if (!execution.of_test()) continue;
    std::map<int, IntervalReading> before;
    for (const IntervalReading& one : execution.intervals) {
      const auto [last, first] = before.try_emplace(one.reading.event, one);
      DetailRow detail = detail_row(recording, execution,
                                    first ? one.reading : difference(last->second.reading, one.reading));
      detail.time_s = since_start(recording, one.time);
      detail.begin = first ? execution.begin : last->second.time;
      detail.end = one.time;
      row(detail);
      last->second = one;
    }
  }
}

}  // namespace pw
