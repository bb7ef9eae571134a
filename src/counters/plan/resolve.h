// SPDX-License-Identifier: GPL-3.0-or-later
// From requests to events that this machine counts, or refuses with a reason.
#pragma once

#include <linux/perf_event.h>

#include <optional>
#include <string>
#include <vector>

#include "counters/names/event_names.h"
#include "counters/plan/opener.h"
#include "counters/plan/permissions.h"
#include "counters/plan/refusal.h"
#include "model/event.h"
#include "os/root.h"

namespace pw {

struct ResolvedEvent {
  Event event;
  perf_event_attr attr{};  // disabled, inherited by children; meaningful where event.status is ok
  std::optional<int> pmc;  // POWER: the counter that the code is bound to
  bool leads = false;      // has to be opened first of its group
  std::vector<int> cpus;   // of a PMU that counts for whole CPUs only: where it is counted
  // Of a PMU that tells 0 where it cannot be read: a counter that always rises, counted beside it.
  bool zero_is_doubtful = false;
  std::optional<perf_event_attr> rising = {};
};

// Sets whom `letters` (counting_modifiers) let count, and the scope that follows.
void apply_modifiers(ResolvedEvent& resolved, const std::string& letters);

// What decides about permissions and existence, read once.
struct CountingLimits {
  std::optional<long> paranoid;  // /proc/sys/kernel/perf_event_paranoid
  bool cpu_pmu = false;
  bool power = false;  // a POWER machine, whose raw codes name their counter
  std::string cpu;     // cpu_family()
  Permissions may{};
  bool whole_cpus = false;  // what is counted is not ours alone, but all that runs on a CPU
};

CountingLimits counting_limits(const Root& root);

std::vector<ResolvedEvent> resolve_events(const std::vector<EventRequest>& requests, Opener& opener,
                                          const Root& root, const CountingLimits& limits);

// The order in which a group is opened: those that have to lead first, else as listed.
void put_leaders_first(std::vector<int>& items, const std::vector<ResolvedEvent>& events);

// The errno of perf_event_open(2) as a status and a reason in words.
Refusal explain_refusal(int error, const CountingLimits& limits, const EventRequest& request);

}  // namespace pw
