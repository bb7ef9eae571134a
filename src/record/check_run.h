// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be measured: as it is asked for, and checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "collect/collectors.h"
#include "counters/names/event_request.h"
#include "counters/sets/target.h"
#include "model/experiment.h"
#include "os/command/child.h"
#include "power/reader/power_kind.h"
#include "record/count_target.h"
#include "record/output/captures.h"
#include "record/stop_rule.h"
#include "record/variants/arrangement.h"
#include "regions/region_counters.h"

namespace pw {

// The options of `perfwatt run`, as typed; "": not asked for.
struct RunRequest {
  std::vector<std::string> command;  // empty: until the processes of -p end
  std::optional<int> tests;          // nothing: 11, or with a rule when to stop at most 100
  int warmups = 1;
  Seconds idle = {10};
  Seconds pause;
  std::optional<Seconds> timeout;
  ArrangementRequest arranged;
  std::string events, metrics;        // lists of -e and -M
  std::vector<std::string> captures;  // "NAME=REGEX"
  std::string stop_when;              // "EVENT:WIDTH%"
  std::string until_decided;          // "NAME:WIDTH%"
  std::string cpus;                   // list that the command is pinned to
  std::string user, label;
  std::string input;         // of the command: a file, "-" or ""
  std::string job_dir;       // of a job; "": `beside`
  std::string beside;        // a folder's name beside the recording
  std::string regions;       // as parse_asked_regions takes it
  std::string region_scope;  // "process", "thread", "team" or "none"
  bool multiplex = false, show_output = false;
  TargetRequest target;
  PowerRequest power;
};

// What can be known without opening a counter for good or a power source.
struct CheckedRun {
  Experiment experiment;
  ChildOptions child;
  CountTarget target;
  CapturePatterns captures;
  std::vector<EventRequest> events;
  bool events_named = false;          // nothing countable is then an error
  std::optional<StopRule> stop_when;  // StopRule::event is still open
  bool show_output = false;
  bool until_signal = false;  // one test of others than the command: Ctrl-C is its usual end
  PowerRequest power;
  std::vector<std::string> warnings;
  Arrangement arrangement;
  AskedRegions regions{false, {}, {}};
  RegionScope region_scope = RegionScope::none;
  std::string job;  // the folder of a job; "": the command is none
};

// Errors: Failure::input for what contradicts itself or is unknown, not_possible for what cannot be had here,
// command where there is no such program.
Result<CheckedRun> check_run(const RunRequest& request);

}  // namespace pw
