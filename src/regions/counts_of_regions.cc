// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/counts_of_regions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "regions/losses.h"

namespace pw {
namespace {

constexpr std::uint64_t kMostCounted = std::uint64_t{1} << 60;  // what a counter reaches in no run

// A counter of a task is enabled while the task runs: where it was not enabled, nothing ran.
CountStatus status_in(Nanoseconds enabled, Nanoseconds running) {
  return enabled.value == 0 ? CountStatus::ok : status_of(enabled, running);
}

std::string calls_text(std::int64_t some, std::int64_t all) {
  return fmt::format("{} of {} {}", grouped(some), grouped(all), all == 1 ? "call" : "calls");
}

// "" where every call was counted.
std::string why_incomplete(const MarkedThread& thread, const MarkedPath& path) {
  const std::int64_t missed = path.calls - path.counts.counted;
  if (missed <= 0) return "";
  const std::string why = uncounted_text(thread.uncounted, thread.error);
  return calls_text(missed, path.calls) + " not counted" + (why.empty() ? "" : ": " + why);
}

std::string what_else(RegionScope scope, const MarkedPath& path) {
  if (path.counts.overlapped == 0) return "";
  if (scope == RegionScope::team)
    return calls_text(path.counts.overlapped, path.counts.counted) +
           " for another thread, whose regions count them, too";
  if (scope != RegionScope::process) return "";
  return calls_text(path.counts.overlapped, path.counts.counted) +
         " ran beside regions of other threads or processes, whose events are in it, too";
}

bool has_value(CountStatus status) { return status == CountStatus::ok || status == CountStatus::scaled; }

const char* why_none(CountStatus status) {
  return status == CountStatus::not_counted ? "its counters did not run" : "";
}

}  // namespace

RegionCount CountsOfRegions::count_of(const Place& place, const MarkedCounts& counts) {
  RegionCount count{0, place.event, 0, 0, {}, {}};
  const auto word = [](const std::vector<std::uint64_t>& of, std::size_t at) {
    return at < of.size() ? std::min(of[at], kMostCounted) : 0;
  };
  const std::uint64_t enabled = word(counts.all, place.enabled);
  count.value = word(counts.all, place.value);
  count.own = std::min(word(counts.own, place.value), count.value);
  count.enabled = {static_cast<std::int64_t>(enabled)};
  count.running = {static_cast<std::int64_t>(std::min(word(counts.all, place.enabled + 1), enabled))};
  count.status = status_in(count.enabled, count.running);
  return count;
}

CountsOfRegions::CountsOfRegions(const RegionCounters& counters, std::span<const Reading> readings)
    : scope_(counters.scope) {
  std::size_t at = 0;
  for (const CounterGroup& group : counters.groups) {
    const std::size_t enabled = at;
    at += 2;
    for (const int event : group.events) {
      places_.push_back({event, enabled, at++, CountStatus::ok, ""});
      const auto whole = std::ranges::find(readings, event, &Reading::event);
      if (whole == readings.end()) continue;
      const bool others = by_threads(scope_);  // which may run where the command's did not
      if (others && whole->status == CountStatus::not_counted) continue;
      places_.back().status = whole->status;
      places_.back().reason = whole->reason;
    }
  }
}

int CountsOfRegions::index_of(ExecutionRegions& regions, const std::string& reason) {
  if (reason.empty()) return -1;
  const auto [at, added] = reasons_.try_emplace(reason, static_cast<int>(regions.reasons.size()));
  if (added) regions.reasons.push_back(reason);
  return at->second;
}

void CountsOfRegions::add(const MarkedThread& thread, const MarkedPath& path, ExecutionRegions& regions) {
  const std::string incomplete = why_incomplete(thread, path);
  const std::string else_in_it = what_else(scope_, path);
  for (const Place& place : places_) {
    RegionCount count = count_of(place, path.counts);
    count.total = static_cast<int>(regions.totals.size() - 1);
    std::string reason = why_none(count.status);
    if (!incomplete.empty()) count.status = CountStatus::not_counted, reason = incomplete;
    if (!has_value(place.status)) count.status = place.status, reason = place.reason;
    count.reason = index_of(regions, has_value(count.status) ? else_in_it : reason);
    regions.counts.push_back(count);
  }
}

}  // namespace pw
