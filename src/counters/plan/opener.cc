// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/opener.h"

#include <cerrno>

#include "os/clock.h"
#include "os/perf_event.h"

namespace pw {
namespace {

constexpr std::int64_t kTrialNs = 1'000'000;

// Empty where a member does not fit. Another thread's group is tried on our own, which is awake.
std::vector<PerfEvent> open_group(std::span<const perf_event_attr> group, TrialPlace place) {
  if (place.pid > 0) place.pid = 0;
  std::vector<PerfEvent> events;
  for (perf_event_attr attr : group) {
    const bool leads = events.empty();
    attr.disabled = leads;
    attr.inherit = 0;
    auto event = PerfEvent::open(attr, place.pid, place.cpu, leads ? -1 : events.front().fd());
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

int Opener::try_open_on(const perf_event_attr& attr, int) { return try_open(attr); }

int KernelOpener::try_open(const perf_event_attr& attr) {
  const auto event = PerfEvent::open(attr, place_.pid, place_.cpu);
  return event ? 0 : event.error();
}

int KernelOpener::try_open_on(const perf_event_attr& attr, int cpu) {
  const auto event = PerfEvent::open(attr, -1, cpu);
  return event ? 0 : event.error();
}

std::string KernelOpener::other_user() const {
  if (root_.number("proc/sys/kernel/nmi_watchdog").value_or(0) == 0) return "";
  return "the NMI watchdog (to free its counter: sudo sysctl kernel.nmi_watchdog=0)";
}

bool KernelOpener::fits(std::span<const perf_event_attr> group) {
  const std::vector<PerfEvent> events = open_group(group, place_);
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
