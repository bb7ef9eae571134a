// SPDX-License-Identifier: GPL-3.0-or-later
// Event names and what perf_event_open(2) wants for them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "counters/names/event_request.h"
#include "os/root.h"

namespace pw {

struct NamedEvent {
  std::string_view name;     // canonical
  std::string_view aliases;  // separated by blanks
  std::uint32_t type;        // PERF_TYPE_*
  std::uint64_t config;
  std::string_view unit;  // "ns" or ""
  bool kernel_only;       // happens in kernel mode: under :u the kernel silently counts 0
  std::string_view meaning;
};

// The portable hardware and software events, in the order in which `perfwatt list events` shows them.
std::span<const NamedEvent> named_events();

// perf's cache events: "L1-dcache-loads", "L1-dcache-load-misses", ...
std::vector<EventRequest> cache_events();

// Where names are looked up: this machine's sysfs, the events of its CPU in data/events, libpfm4.
struct EventNames {
  Root root;
  std::string cpu;      // "power9"; "" or an unknown one: no names of data/events
  bool libpfm4 = true;  // ask it, where it is installed
  static EventNames here();
};

// A list as in `perf stat -e`: portable, cache and software events, rNNN, the hardware's own names,
// pmu/terms/, tracepoints, {groups}, modifiers. Twice the same event outside groups is one. Errors:
// Failure::input, naming the event and what may have been meant.
Result<std::vector<EventRequest>> parse_events(std::string_view list,
                                               const EventNames& names = EventNames::here());

// The study's eight and four software events.
std::vector<EventRequest> default_events();

}  // namespace pw
