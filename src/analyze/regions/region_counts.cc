// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_counts.h"

#include <algorithm>

#include "analyze/series/series.h"

namespace pw {
namespace {

// One event in one execution, by region.
struct EventIn {
  const Execution* execution = nullptr;
  std::vector<double> all, own;
  std::vector<int> threads;
  std::vector<double> all_for, own_for;  // of threads that worked for others, in whose regions they are, too
};

// One event in one region, beside its values.
struct Remarks {
  std::string why;
  bool scaled = false, beside = false;
};

std::string why_none(const ExecutionRegions& regions, const RegionCount& count) {
  const std::string reason = count.reason < 0 ? "" : regions.reasons[static_cast<std::size_t>(count.reason)];
  return std::string(to_text(count.status)) + (reason.empty() ? "" : ": " + reason);
}

// Of threads that were in it at once, each may have counted the others' events, too.
constexpr const char* kManyTimes =
    "several threads were in it beside each other, and each counted the events of all: --region-scope thread "
    "or team tells them apart";

class EventInRegions {
 public:
  EventInRegions(const Recording& recording, int event)
      : recording_(recording),
        event_(event),
        in_team_(recording.region_scope == "team"),
        remarks_(recording.regions.size()) {
    for (const Execution* execution : counted_executions(recording))
      if (execution->regions) add(*execution);
  }

  bool counted() const { return !executions_.empty(); }

  RegionEvent of(int region) const {
    const auto at = static_cast<std::size_t>(region);
    RegionEvent found;
    found.event = event_;
    found.why = remarks_[at].why;
    found.scaled = remarks_[at].scaled;
    found.beside = remarks_[at].beside;
    if (!found.why.empty()) return found;
    std::vector<TestValue> all, own;
    for (const EventIn& one : executions_) {
      all.push_back({one.execution->test, one.all[at], {}});
      own.push_back({one.execution->test, one.own[at], {}});
    }
    found.value = statistics(series_of(std::move(all)).values());
    found.own = statistics(series_of(std::move(own)).values());
    return found;
  }

 private:
  void add(const Execution& execution) {
    const ExecutionRegions& regions = *execution.regions;
    const std::size_t count = recording_.regions.size();
    EventIn found{&execution, {}, {}, {}, {}, {}};
    for (const RegionCount& one : regions.counts) {
      if (one.event != event_) continue;
      if (found.all.empty()) {
        for (auto* of : {&found.all, &found.own, &found.all_for, &found.own_for}) of->resize(count);
        found.threads.resize(count);
      }
      add(regions, one, found);
    }
    if (found.all.empty()) return;
    take_workers(found);
    executions_.push_back(std::move(found));
  }

  // What a leader's regions have is in its workers' no second time; a region of workers alone has theirs.
  static void take_workers(EventIn& found) {
    for (std::size_t region = 0; region < found.threads.size(); ++region) {
      if (found.threads[region] > 0) continue;
      found.all[region] = found.all_for[region];
      found.own[region] = found.own_for[region];
    }
  }

  void add(const ExecutionRegions& regions, const RegionCount& one, EventIn& found) {
    const auto region = static_cast<std::size_t>(regions.totals[static_cast<std::size_t>(one.total)].region);
    const Event& event = recording_.events[static_cast<std::size_t>(event_)];
    const auto amount = [&](std::uint64_t value) {
      return amount_of(event, {event_, value, one.enabled, one.running, one.status, ""});
    };
    Remarks& remarks = remarks_[region];
    const std::optional<double> all = amount(one.value), own = amount(one.own);
    if (!all || !own) remarks.why = why_none(regions, one);
    remarks.scaled |= one.status == CountStatus::scaled;
    if (in_team_ && all && one.reason >= 0) {
      found.all_for[region] += *all;
      found.own_for[region] += own.value_or(0);
      return;
    }
    found.all[region] += all.value_or(0);
    found.own[region] += own.value_or(0);
    remarks.beside |= all && one.reason >= 0;
    if (++found.threads[region] > 1 && remarks.beside && remarks.why.empty()) remarks.why = kManyTimes;
  }

  const Recording& recording_;
  int event_;
  bool in_team_;
  std::vector<EventIn> executions_;
  std::vector<Remarks> remarks_;  // by region
};

std::optional<double> ratio(const std::optional<Statistics>& value, const std::optional<Statistics>& of) {
  return value && of && of->mean > 0 ? std::optional(value->mean / of->mean) : std::nullopt;
}

}  // namespace

void add_counts(std::vector<RegionRow>& rows, const Recording& recording) {
  for (std::size_t event = 0; event < recording.events.size(); ++event) {
    const EventInRegions counts(recording, static_cast<int>(event));
    if (!counts.counted()) continue;
    const auto whole = statistics(counter_series(recording, static_cast<int>(event)).values());
    for (RegionRow& row : rows) {
      RegionEvent one = counts.of(row.region);
      one.per_call = ratio(one.value, row.calls);
      one.per_item = ratio(one.value, row.items);
      one.share = ratio(one.value, whole);
      row.counts.push_back(std::move(one));
    }
  }
}

}  // namespace pw
