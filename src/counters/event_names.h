// SPDX-License-Identifier: GPL-3.0-or-later
// perf's event names and what perf_event_open(2) wants for them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/event.h"

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

// Every event that has a name here, in the order in which `perfwatt list events` shows them.
std::span<const NamedEvent> named_events();

// An event as asked for, before any machine was asked.
struct EventRequest {
  std::string name;      // canonical, or rNNN
  std::string modifier;  // "u", "k" or ""
  std::uint32_t type = 0;
  std::uint64_t config = 0;
  std::string unit;
  std::string meaning;
  bool kernel_only = false;

  bool software() const;
};

// A comma-separated list as in `perf stat -e`. Twice the same event is one. Errors: Failure::input, naming
// the event and what may have been meant.
Result<std::vector<EventRequest>> parse_events(std::string_view list);

// The study's eight and four software events.
std::vector<EventRequest> default_events();

}  // namespace pw
