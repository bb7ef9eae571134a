// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/wait_for.h"

#include <vector>

#include "base/text.h"
#include "cli/commands.h"

namespace pw {

int wait_for_command(int argc, char** argv) {
  std::vector<pid_t> processes;
  for (int i = 1; i < argc; ++i)
    if (const auto process = parse_integer(argv[i])) processes.push_back(static_cast<pid_t>(*process));
  wait_for_processes(processes);
  return 0;
}

}  // namespace pw
