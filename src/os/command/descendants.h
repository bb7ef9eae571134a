// SPDX-License-Identifier: GPL-3.0-or-later
// What a command starts, however far it goes: orphans come to this process, which is their subreaper.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

namespace pw {

struct Process {
  pid_t id = 0;
  std::string name;  // comm

  bool operator==(const Process&) const = default;
};

// From now on a descendant whose parent ends becomes a child of this process.
void adopt_orphans();

// The children of this process that are in another session, and not `known`: what was adopted from commands.
// Those that have ended are reaped. In the order of their numbers. Empty where the kernel lists no children
// (CONFIG_PROC_CHILDREN).
std::vector<pid_t> adopted_children(std::span<const pid_t> known);

// `processes` and all below them.
std::vector<pid_t> with_descendants(std::vector<pid_t> processes);

Process process_of(pid_t id);

}  // namespace pw
