// SPDX-License-Identifier: GPL-3.0-or-later
// Helper programs (gnuplot, npm), run to their end. Not for the measured command: see os/command/child.h.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace pw {

struct RunOutput {
  int exit_status = 0;  // as a shell has it
  std::string out;      // stdout and stderr together, at most the last 64 KiB
};

// Runs argv[0] (found on PATH, in a folder named from the root: never in the current one) in `directory` (""
// for ours) with /dev/null as standard input and without PERFWATT_* variables. An Error where it cannot be
// started; a program that fails is a RunOutput.
Result<RunOutput> run_program(const std::vector<std::string>& argv, const std::string& directory = {});

// Where it is, in a folder of PATH that is named from the root; as it is where it has a slash, "" where it is
// in none.
std::string find_helper(const std::string& program);

// The same in any folder of PATH, as exec looks for the measured command.
std::string find_on_path(const std::string& program);
bool on_path(const std::string& program);

}  // namespace pw
