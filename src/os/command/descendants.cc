// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/descendants.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "os/root.h"

namespace pw {
namespace {

std::filesystem::path proc(pid_t id) { return std::filesystem::path("proc") / std::to_string(id); }

std::vector<pid_t> children_of(pid_t id) {
  const Root root;
  std::vector<pid_t> children;
  for (const std::string& thread : root.names(proc(id) / "task"))
    for (const std::string& child :
         split(root.text(proc(id) / "task" / thread / "children").value_or(""), ' '))
      if (const auto number = parse_integer(child)) children.push_back(static_cast<pid_t>(*number));
  std::sort(children.begin(), children.end());
  return children;
}

bool contains(std::span<const pid_t> all, pid_t one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

void adopt_orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

std::vector<pid_t> adopted_children(std::span<const pid_t> known) {
  std::vector<pid_t> adopted;
  const pid_t session = ::getsid(0);
  for (const pid_t child : children_of(::getpid())) {
    if (contains(known, child) || ::getsid(child) == session) continue;
    if (::waitpid(child, nullptr, WNOHANG | __WALL) == 0) adopted.push_back(child);
  }
  return adopted;
}

std::vector<pid_t> with_descendants(std::vector<pid_t> processes) {
  for (std::size_t at = 0; at < processes.size(); ++at)
    for (const pid_t child : children_of(processes[at]))
      if (!contains(processes, child)) processes.push_back(child);
  return processes;
}

Process process_of(pid_t id) { return {id, printable(Root().text(proc(id) / "comm").value_or("?"))}; }

}  // namespace pw
