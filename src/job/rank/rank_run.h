// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt rank`: one rank of one execution, measured.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"

namespace pw {

struct RankRequest {
  std::string job;    // the run's folder
  int execution = 0;  // from 1
  std::vector<std::string> command;
};

struct RankEnd {
  int wait_status = 0;  // of the command
  std::string lost;     // why its file could not be written; ""
};

// Of an idle window: no command runs.
struct RankWatch {
  std::string job;
  int execution = 0;
  Seconds length;
};

// Runs the command. Errors: Failure::input where it is no rank of that job, Failure::command where it cannot
// be started.
Result<RankEnd> run_rank(RankRequest request);

// Waits for so long, or for a signal that asks for the end, and reads its node's power where it leads that.
// RankEnd::wait_status is as if a command had done so. Errors: Failure::input as above.
Result<RankEnd> watch_rank(const RankWatch& watch);

}  // namespace pw
