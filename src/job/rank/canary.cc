// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/canary.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "base/text.h"
#include "os/file.h"
#include "os/given.h"

namespace pw {
namespace {

constexpr std::chrono::milliseconds kLook{2};
constexpr int kLooks = 8;

// proc_pid_status(5): the signals that wait for the process, one bit each.
std::uint64_t waiting_for(pid_t process) {
  constexpr std::string_view kKey = "ShdPnd:";
  const Result<std::string> status = read_file("/proc/" + std::to_string(process) + "/status");
  if (!status) return 0;
  const std::size_t at = status->find(kKey);
  if (at == std::string::npos) return 0;
  const std::string_view line = std::string_view(*status).substr(at + kKey.size());
  return parse_hex(trim(line.substr(0, line.find('\n')))).value_or(0);
}

[[noreturn]] void sit(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, "perfwatt-canary");
  if (::getppid() != parent) ::_exit(0);
  ::closefrom(0);
  sigset_t none;
  sigfillset(&none);
  while (true) ::sigsuspend(&none);  // all stay blocked
}

}  // namespace

Canary::Canary() { hatch(); }

Canary::~Canary() { end(); }

void Canary::hatch() {
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) sit(parent);
}

void Canary::end() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
}

bool Canary::had(int number) {
  if (process_ <= 0) return false;
  const std::uint64_t bit = std::uint64_t{1} << (number - 1);
  bool found = false;
  for (int i = 0; i < kLooks && !found; ++i) {
    found = (waiting_for(process_) & bit) != 0;
    if (!found) std::this_thread::sleep_for(kLook);
  }
  if (!found) return false;
  end();
  hatch();
  return true;
}

}  // namespace pw
