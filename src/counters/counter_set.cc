// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/counter_set.h"

#include <cerrno>
#include <system_error>

namespace pw {
namespace {

std::string why_not(int error) { return "it could not be opened: " + std::generic_category().message(error); }

Reading unread(int event, std::string reason) {
  Reading reading;
  reading.event = event;
  reading.status = CountStatus::not_counted;
  reading.reason = std::move(reason);
  return reading;
}

Reading reading_of(int event, const PerfCount& count) {
  Reading reading;
  reading.event = event;
  reading.value = count.value;
  reading.enabled = count.enabled;
  reading.running = count.running;
  reading.status = status_of(count.enabled, count.running);
  if (reading.status == CountStatus::not_counted)
    reading.reason = "the kernel never ran this counter: the PMU was busy, or the command too short";
  return reading;
}

}  // namespace

CounterSet CounterSet::open(const CountingPlan& plan, int pass, pid_t pid) {
  CounterSet set;
  int leader = -1;
  for (const int event : plan.passes[static_cast<std::size_t>(pass - 1)].events) {
    const ResolvedEvent& resolved = plan.events[static_cast<std::size_t>(event)];
    const bool in_group = !plan.multiplex && !resolved.event.software;
    const bool leads = !in_group || leader < 0;
    perf_event_attr attr = resolved.attr;
    attr.disabled = attr.enable_on_exec = leads;
    auto counter = PerfEvent::open(attr, pid, -1, leads ? -1 : leader);
    Slot slot{event, std::nullopt, 0};
    if (counter) {
      if (in_group && leads) leader = counter->fd();
      slot.counter = std::move(*counter);
    } else {
      slot.error = counter.error();
    }
    set.slots_.push_back(std::move(slot));
  }
  return set;
}

std::vector<Reading> CounterSet::read() const {
  std::vector<Reading> readings;
  for (const Slot& slot : slots_) {
    if (!slot.counter) {
      readings.push_back(unread(slot.event, why_not(slot.error)));
      continue;
    }
    const auto count = slot.counter->read();
    readings.push_back(count ? reading_of(slot.event, *count)
                             : unread(slot.event, "it could not be read: " +
                                                      std::generic_category().message(count.error())));
  }
  return readings;
}

}  // namespace pw
