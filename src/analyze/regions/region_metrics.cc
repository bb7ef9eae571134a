// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "analyze/metrics/metrics.h"
#include "analyze/series/series.h"

namespace pw {
namespace {

// What one event counted in one region of one execution, in all threads.
struct RegionSum {
  double scaled = 0;
  Nanoseconds enabled, running;
  CountStatus status = CountStatus::ok;
  std::string reason;  // of a thread that has no count: then the whole has none
};

Reading reading_of(int event, const RegionSum& sum) {
  if (!sum.reason.empty()) return {event, 0, sum.enabled, sum.running, sum.status, sum.reason};
  if (sum.enabled.value == 0) return {event, 0, {1}, {1}, sum.status, ""};  // it was not in the region
  const double share = static_cast<double>(sum.running.value) / static_cast<double>(sum.enabled.value);
  const auto value = static_cast<std::uint64_t>(std::llround(sum.scaled * share));
  return {event, value, sum.enabled, sum.running, sum.status, ""};
}

void add(RegionSum& sum, const ExecutionRegions& regions, const RegionCount& count) {
  const auto value = scaled_value({count.event, count.value, count.enabled, count.running, count.status, ""});
  if (value) {
    sum.scaled += *value;
    sum.enabled.value += count.enabled.value;
    sum.running.value += count.running.value;
    if (count.status == CountStatus::scaled && sum.reason.empty()) sum.status = count.status;
    return;
  }
  sum.status = count.status;
  sum.reason =
      count.reason < 0 ? "no reason was recorded" : regions.reasons[static_cast<std::size_t>(count.reason)];
}

// A recording as metrics see one, whose executions are one region of those of another.
class RegionAsRecording {
 public:
  explicit RegionAsRecording(const Recording& recording) {
    view_.machine = recording.machine;
    view_.events = recording.events;
    for (const Execution* one : counted_executions(recording))
      if (one->regions) add_execution(*one, recording.regions.size());
  }

  const Recording& recording() const { return view_; }

  void show(const RegionRow& row) {
    const auto region = static_cast<std::size_t>(row.region);
    for (std::size_t i = 0; i < view_.executions.size(); ++i) {
      view_.executions[i].end = {sums_[i].times[region].value};
      view_.executions[i].readings.clear();
      for (const auto& [event, sums] : sums_[i].events)
        view_.executions[i].readings.push_back(reading_of(event, sums[region]));
    }
    for (const RegionEvent& one : row.counts)
      if (!one.why.empty()) withhold(one);
  }

  // 1 of each event that was counted in some region.
  void show_what_was_counted() {
    for (std::size_t i = 0; i < view_.executions.size(); ++i) {
      view_.executions[i].end = {1'000'000'000};
      view_.executions[i].readings.clear();
      for (const auto& [event, sums] : sums_[i].events)
        if (std::ranges::any_of(sums, [](const RegionSum& sum) { return sum.reason.empty(); }))
          view_.executions[i].readings.push_back({event, 1, {1}, {1}, CountStatus::ok, ""});
    }
  }

 private:
  struct Sums {
    std::vector<Nanoseconds> times;                // by region
    std::map<int, std::vector<RegionSum>> events;  // by event and region
  };

  void add_execution(const Execution& from, std::size_t regions) {
    Execution& execution = view_.executions.emplace_back();
    execution.test = from.test;
    execution.pass = from.pass;
    Sums& sums = sums_.emplace_back();
    sums.times.resize(regions);
    for (const RegionTotal& total : from.regions->totals)
      sums.times[static_cast<std::size_t>(total.region)].value += total.total.value;
    for (const RegionCount& count : from.regions->counts) {
      std::vector<RegionSum>& of_event = sums.events[count.event];
      of_event.resize(regions);
      const RegionTotal& total = from.regions->totals[static_cast<std::size_t>(count.total)];
      add(of_event[static_cast<std::size_t>(total.region)], *from.regions, count);
    }
  }

  // What the row does not tell of an event its metrics do not know either.
  void withhold(const RegionEvent& one) {
    for (Execution& execution : view_.executions)
      for (Reading& reading : execution.readings)
        if (reading.event == one.event) reading.status = CountStatus::not_counted, reading.reason = one.why;
  }

  Recording view_;
  std::vector<Sums> sums_;  // by execution
};

bool has_others(const RegionRow& row) { return std::ranges::any_of(row.counts, &RegionEvent::beside); }

// In the words of the row, which knows why.
std::string reason_of(const Metric& metric, const Recording& recording, const RegionRow& row) {
  for (const std::string& missing : metric.missing)
    for (const RegionEvent& one : row.counts)
      if (!one.why.empty() && is_event(missing, recording.events[static_cast<std::size_t>(one.event)].name))
        return one.why;
  return metric.why;
}

// The metrics all of whose events were counted.
std::vector<const MetricFact*> counted_facts(RegionAsRecording& view, MetricInputs& inputs) {
  std::vector<const MetricFact*> counted;
  view.show_what_was_counted();
  inputs.forget_counts();
  for (const MetricFact& fact : inputs.list().metrics)
    if (evaluate_metric(inputs, fact).missing.empty()) counted.push_back(&fact);
  return counted;
}

std::vector<RegionRow*> longest(std::vector<RegionRow>& rows) {
  std::vector<RegionRow*> found;
  for (RegionRow& row : rows) found.push_back(&row);
  const auto seconds = [](const RegionRow* row) { return row->seconds->mean; };
  if (found.size() > kMetricRegions) std::ranges::stable_sort(found, std::greater<>(), seconds);
  found.resize(std::min(found.size(), kMetricRegions));
  return found;
}

}  // namespace

void add_metrics(std::vector<RegionRow>& rows, const Recording& recording) {
  if (std::ranges::all_of(rows, [](const RegionRow& row) { return row.counts.empty(); })) return;
  RegionAsRecording view(recording);
  MetricInputs inputs(view.recording());
  const std::vector<const MetricFact*> facts = counted_facts(view, inputs);
  for (RegionRow* row : longest(rows)) {
    view.show(*row);
    inputs.forget_counts();
    for (const MetricFact* fact : facts) {
      Metric metric = evaluate_metric(inputs, *fact);
      std::string why = metric.value ? "" : reason_of(metric, recording, *row);
      row->metrics.push_back(
          {metric.key, metric.unit, metric.value, metric.scaled, has_others(*row), std::move(why)});
    }
  }
}

}  // namespace pw
