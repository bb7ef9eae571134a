// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "counters/names/event_names.h"
#include "counters/sets/target.h"
#include "model/experiment.h"
#include "os/child.h"
#include "record/output.h"
#include "record/stop_rule.h"

namespace pw {

// The command line of `perfwatt run`, checked.
struct RunOptions {
  Experiment experiment;
  std::vector<EventRequest> events;
  std::string metrics;        // of -M, checked; "": none
  bool events_named = false;  // with -e or -M: nothing countable is then an error
  std::optional<std::string> power;
  std::optional<double> rate;
  CountTarget target;
  std::string password_file;
  std::string output;
  bool force = false;
  bool show_output = false;
  ChildOptions child;
  CapturePatterns captures;
  std::optional<StopRule> stop_when;
};

// The options, or the exit status to return at once.
struct ParsedRun {
  std::optional<RunOptions> options;
  int status = 0;
};
ParsedRun parse_run(int argc, char** argv);

}  // namespace pw
