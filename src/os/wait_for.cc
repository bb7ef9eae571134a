// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/wait_for.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "os/root.h"

namespace pw {
namespace {

constexpr int kLookMs = 100;  // where nothing tells of an end
constexpr std::size_t kStartTime =
    19;  // of the fields behind the name in /proc/PID/stat; the first: the state

// Its start time in clock ticks; "" where it has ended. A process whose first thread alone has ended runs.
std::string start_of(pid_t process) {
  const auto folder = std::filesystem::path("proc") / std::to_string(process);
  const std::string stat = Root().text(folder / "stat").value_or("");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos || name_end + 2 > stat.size()) return "";
  const auto fields = split(stat.substr(name_end + 2), ' ');
  const bool dead = fields[0] == "Z" || fields[0] == "X";
  if (fields.size() <= kStartTime || (dead && Root().names(folder / "task").size() <= 1)) return "";
  return std::string(fields[kStartTime]);
}

bool readable(int fd) {
  pollfd end = {fd, POLLIN, 0};
  return ::poll(&end, 1, 0) > 0;
}

}  // namespace

ProcessEnds::ProcessEnds(std::span<const pid_t> processes) : all_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (const pid_t process : processes) {
    One one{process, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))), ""};
    epoll_event event{.events = EPOLLIN, .data = {}};
    if (!one.pidfd && errno != ESRCH) one.started = start_of(process);
    if (one.pidfd) ::epoll_ctl(all_.fd(), EPOLL_CTL_ADD, one.pidfd.fd(), &event);
    running_.push_back(std::move(one));
  }
}

bool ProcessEnds::runs(const One& one) {
  if (one.pidfd) return !readable(one.pidfd.fd());
  return !one.started.empty() && start_of(one.id) == one.started;
}

std::vector<pid_t> ProcessEnds::look() {
  std::vector<pid_t> ended;
  const auto rest = std::stable_partition(running_.begin(), running_.end(), runs);
  for (auto one = rest; one != running_.end(); ++one) {
    ended.push_back(one->id);
    // Closing it does not end that where a child that is not yet at its exec has it, too.
    if (one->pidfd) ::epoll_ctl(all_.fd(), EPOLL_CTL_DEL, one->pidfd.fd(), nullptr);
  }
  running_.erase(rest, running_.end());
  return ended;
}

std::vector<pid_t> ProcessEnds::running() const {
  std::vector<pid_t> ids;
  for (const One& one : running_) ids.push_back(one.id);
  return ids;
}

void ProcessEnds::wait() const {
  const bool told = all_ && std::ranges::all_of(running_, [](const One& one) { return bool(one.pidfd); });
  pollfd end = {all_.fd(), POLLIN, 0};
  ::poll(&end, 1, told ? -1 : kLookMs);
}

void wait_for_processes(std::span<const pid_t> processes) {
  while (processes.empty()) ::pause();
  ProcessEnds ends(processes);
  for (ends.look(); !ends.running().empty(); ends.look()) ends.wait();
}

}  // namespace pw
