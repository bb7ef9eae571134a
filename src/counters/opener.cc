// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/opener.h"

#include <cerrno>

#include "os/clock.h"
#include "os/perf_event.h"

namespace pw {
namespace {

constexpr std::int64_t kTrialNs = 1'000'000;

// Opens the group on this thread; empty where a member does not fit.
std::vector<PerfEvent> open_group(std::span<const perf_event_attr> group) {
  std::vector<PerfEvent> events;
  for (perf_event_attr attr : group) {
    const bool leads = events.empty();
    attr.disabled = leads;
    attr.inherit = 0;
    auto event = PerfEvent::open(attr, 0, -1, leads ? -1 : events.front().fd());
    if (!event) return {};
    events.push_back(std::move(*event));
  }
  return events;
}

void spin(std::int64_t ns) {
  const Nanoseconds until = monotonic_now() + Nanoseconds{ns};
  while (monotonic_now() < until) {
  }
}

}  // namespace

int KernelOpener::try_open(const perf_event_attr& attr) {
  const auto event = PerfEvent::open(attr, 0, -1);
  return event ? 0 : event.error();
}

bool KernelOpener::fits(std::span<const perf_event_attr> group) {
  const std::vector<PerfEvent> events = open_group(group);
  if (events.empty()) return false;
  events.front().enable();
  spin(kTrialNs);
  events.front().disable();
  for (const PerfEvent& event : events) {
    const auto count = event.read();
    if (!count || count->running.value <= 0 || count->running != count->enabled) return false;
  }
  return true;
}

}  // namespace pw
