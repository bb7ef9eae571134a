// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "record/check_run.h"

namespace pw {

// The command line of `perfwatt run`.
struct RunOptions {
  RunRequest request;
  std::string output;
  bool force = false;
  bool named = true;   // `output` was typed; else another name serves as well
  bool dashes = true;  // "--" stands before the command
};

// The options, or the exit status to return at once.
struct ParsedRun {
  std::optional<RunOptions> options;
  int status = 0;
};
ParsedRun parse_run(int argc, char** argv);

}  // namespace pw
