// SPDX-License-Identifier: GPL-3.0-or-later
// What was asked to be counted, and what was read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"

namespace pw {

enum class CountStatus { ok, scaled, not_counted, not_supported, not_permitted, not_present };
enum class Scope { user, kernel, both };

std::string_view to_text(CountStatus status);  // "ok", "scaled", "not-counted", ...
std::optional<CountStatus> count_status(std::string_view text);
std::string_view to_text(Scope scope);  // "u", "k", "uk"
std::optional<Scope> scope_from(std::string_view text);

// An event as this machine understood it.
struct Event {
  std::string name;            // perf's canonical name, or rNNN; without modifier
  std::string modifier;        // "u" or "k" where the user asked for it, else ""
  std::string hardware_event;  // what stands behind the name here ("PM_CMPLU_STALL r1e054"); "" where unknown
  std::string meaning;         // in words, where known
  std::string unit;            // "" for a plain count, "ns" for task-clock and cpu-clock
  bool software = false;
  Scope scope = Scope::both;             // what is counted in fact
  CountStatus status = CountStatus::ok;  // ok: can be opened here; otherwise every test has no value
  std::string reason;                    // why not, where status is not ok
  std::vector<int> passes;               // the passes (from 1) that count it
  double scale = 1;                      // a count times this is in `unit`
  int group = 0;                         // events of the same {group} are counted together; 0: in none
  std::optional<double>
      floor{};               // the count that an empty region has: what is not above it is not told from 0
  std::string counted_on{};  // "" for the command; "whole machine, by CPU 0,8" of an uncore PMU

  std::string label() const { return modifier.empty() ? name : name + ":" + modifier; }
};

// One counter of one execution, as read from the kernel.
struct Reading {
  int event = 0;            // index into Recording::events
  std::uint64_t value = 0;  // unscaled
  Nanoseconds enabled;
  Nanoseconds running;
  CountStatus status = CountStatus::ok;
  std::string reason;  // where status is neither ok nor scaled
};

// The count of one part of what was counted: "thread 123 python3", "socket 0 core 1", "cpu 3".
struct PartReading {
  std::string part;
  Reading reading;
};

// A count on the way: from the begin of the execution to `time`.
struct IntervalReading {
  Nanoseconds time;  // CLOCK_MONOTONIC
  Reading reading;
};

// ok: running == enabled > 0; scaled: 0 < running < enabled; not-counted: never ran.
CountStatus status_of(Nanoseconds enabled, Nanoseconds running);

// value * enabled / running for `scaled`, value for `ok`, nothing otherwise.
std::optional<double> scaled_value(const Reading& reading);

// The same in the event's unit: times its scale.
std::optional<double> amount_of(const Event& event, const Reading& reading);

// What was counted between two readings of the same counter, with its status; `before` came first. A counter
// of a task is enabled while the task runs: where it was not enabled, nothing ran and nothing was missed.
Reading difference(const Reading& before, const Reading& after);

// The study's eight events and four software events: the default of `-e`.
inline constexpr std::string_view kStudyEvents[] = {
    "cycles",   "instructions",  "cache-references",        "cache-misses",
    "branches", "branch-misses", "stalled-cycles-frontend", "stalled-cycles-backend"};
inline constexpr std::string_view kStudySoftwareEvents[] = {"task-clock", "context-switches",
                                                            "cpu-migrations", "page-faults"};

}  // namespace pw
