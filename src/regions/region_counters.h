// SPDX-License-Identifier: GPL-3.0-or-later
// What marks count, besides time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mark/slab.h"
#include "os/perf_event.h"

namespace pw {

// Whose events are in a region: nobody's, all that the command runs meanwhile, the marking thread's, its and
// those of the threads that work for it.
enum class RegionScope {
  none = PW_SCOPE_NONE,
  process = PW_SCOPE_PROCESS,
  thread = PW_SCOPE_THREAD,
  team = PW_SCOPE_TEAM
};

std::optional<RegionScope> region_scope_from(std::string_view text);  // "none", "process", "thread", "team"
std::string_view to_text(RegionScope scope);
// Whether each thread has counters of its own.
constexpr bool by_threads(RegionScope scope) {
  return scope == RegionScope::thread || scope == RegionScope::team;
}

// Of one execution.
struct RegionCounters {
  RegionScope scope = RegionScope::none;
  std::vector<CounterGroup> groups;
  std::string why{};  // nothing or not all is counted: a sentence; "": all is

  std::vector<std::size_t> sizes() const;  // of the groups
  std::vector<int> events() const;         // of all of them, in order
};

// Those of the groups that a mark can read; `events`: all that the pass counts.
RegionCounters region_counters(RegionScope scope, const std::vector<CounterGroup>& groups,
                               std::size_t events);

// As the slab says it.
pw_counting counting_of(const RegionCounters& counters, const std::vector<int>& numbers, int ask);

}  // namespace pw
