// SPDX-License-Identifier: GPL-3.0-or-later
// Whose events are counted: the command's, running processes', or everything on some CPUs.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "counters/plan/opener.h"
#include "os/root.h"

namespace pw {

enum class Per { all, thread, core, socket, cpu };

std::optional<Per> per_from(std::string_view text);  // "thread", "core", "socket", "cpu"

struct CountTarget {
  enum class Kind { command, processes, cpus };
  Kind kind = Kind::command;
  std::vector<pid_t> processes;
  std::vector<int> cpus;  // online ones
  Per per = Per::all;

  // "", "process 123, 124", "CPUs 0, 1"
  std::string text() const;
  TrialPlace trial() const;
  // The command's threads are told apart: ThreadCounters.
  bool threads_of_command() const { return kind == Kind::command && per == Per::thread; }
};

// Where one counter of each event is opened: on a thread (with what it starts), or on a CPU.
struct CountPlace {
  pid_t pid = -1;
  int cpu = -1;
  std::string
      part;  // "thread 123 python3 (and what it started)", "socket 0 core 1"; "" where nothing is told apart
};

// `command`: the process of the command, for that target. Threads that a process starts while its threads are
// listed are found too. Empty where every process has ended.
std::vector<CountPlace> count_places(const CountTarget& target, pid_t command, const Root& root);

// The CPUs that are online, in order.
std::vector<int> online_cpus(const Root& root);

// Failure::input for a number that is none, Failure::not_possible for a process that has ended (ESRCH) or
// that we may not look at (EPERM, EACCES).
Result<std::vector<pid_t>> parse_processes(const std::string& list);

// "0-3,8", all of them online, or "" for every online CPU. Failure::input, or not_possible for an offline
// one.
Result<std::vector<int>> parse_counted_cpus(const std::string& list, const Root& root);

}  // namespace pw
