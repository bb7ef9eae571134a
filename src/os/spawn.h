// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that help us. Not for the measured command, which starts stopped: os/command/child.h.
#pragma once

#include <sys/types.h>

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace pw {

struct SpawnOptions {
  std::vector<std::string> argv{};  // argv[0] is looked for on PATH
  std::string directory{};          // "": ours
  int input = -1;                   // its standard input; -1: /dev/null
  int output = -1;                  // its stdout and stderr; -1: ours
  // A process group of its own, with every signal unblocked and at its default.
  bool own_group = false;
};

// Starts it without PERFWATT_* secrets in its environment. The error is the errno.
tl::expected<pid_t, int> spawn(const SpawnOptions& options);

// Waits for the end of a child of ours. Its status as a shell has it.
int wait_for_end(pid_t child);

// A null-terminated array of pointers into `strings`, for exec.
std::vector<char*> c_strings(std::vector<std::string>& strings);

// A wait status as a shell has it: 128 + N where signal N ended the process.
int shell_status(int wait_status);

}  // namespace pw
