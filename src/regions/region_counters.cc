// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/region_counters.h"

#include <fmt/format.h>

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<RegionScope, 4> kScopes = {{{RegionScope::none, "none"},
                                            {RegionScope::process, "process"},
                                            {RegionScope::thread, "thread"},
                                            {RegionScope::team, "team"}}};

}  // namespace

std::optional<RegionScope> region_scope_from(std::string_view text) { return value_in(kScopes, text); }
std::string_view to_text(RegionScope scope) { return name_in(kScopes, scope); }

std::vector<std::size_t> RegionCounters::sizes() const {
  std::vector<std::size_t> all;
  for (const CounterGroup& group : groups) all.push_back(group.events.size());
  return all;
}

std::vector<int> RegionCounters::events() const {
  std::vector<int> all;
  for (const CounterGroup& group : groups) all.insert(all.end(), group.events.begin(), group.events.end());
  return all;
}

RegionCounters region_counters(RegionScope scope, const std::vector<CounterGroup>& groups,
                               std::size_t events) {
  RegionCounters counters{scope, {}};
  std::size_t taken = 0;
  for (const CounterGroup& group : groups) {
    if (counters.groups.size() == PW_MOST_GROUPS || taken + group.events.size() > PW_MOST_EVENTS) continue;
    taken += group.events.size();
    counters.groups.push_back(group);
  }
  if (taken < events && by_threads(scope))
    counters.why = fmt::format(
        "{} of {} events are not counted in regions: those of a PMU are counted once, for the whole command; "
        "--region-scope process has them",
        events - taken, events);
  else if (taken < events)
    counters.why = fmt::format(
        "{} of {} events are not counted in regions: a mark reads those of threads, {} in {} groups at most",
        events - taken, events, PW_MOST_EVENTS, PW_MOST_GROUPS);
  return counters;
}

pw_counting counting_of(const RegionCounters& counters, const std::vector<int>& numbers, int ask) {
  pw_counting counting{};
  counting.scope = static_cast<std::uint32_t>(counters.scope);
  counting.groups = static_cast<std::uint32_t>(counters.groups.size());
  counting.ask = ask;
  for (std::size_t i = 0; i < counters.groups.size(); ++i) {
    const auto events = static_cast<std::uint32_t>(counters.groups[i].events.size());
    counting.group[i] = {i < numbers.size() ? numbers[i] : -1, events};
    counting.events += events;
  }
  return counting;
}

}  // namespace pw
