// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt rank`: one rank of one execution, measured.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

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

// Runs the command. Errors: Failure::input where it is no rank of that job, Failure::command where it cannot
// be started.
Result<RankEnd> run_rank(RankRequest request);

}  // namespace pw
