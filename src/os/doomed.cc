// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/doomed.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

namespace pw {
namespace {

constexpr int kEndings[] = {SIGINT, SIGTERM, SIGHUP};

// What a signal handler may read: the path is whole while it is wanted.
struct Doomed {
  std::atomic<bool> taken{false}, wanted{false};
  char path[512];
};
Doomed doomed[8];

// Only what a signal handler may call.
void remove_folder(const char* folder) {
  const pid_t child = ::vfork();
  if (child == 0) {
    ::execl("/bin/rm", "rm", "-rf", "--", folder, static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  if (child > 0) ::waitpid(child, &status, 0);
}

void remove_and_end(int signal) {
  for (const Doomed& folder : doomed)
    if (folder.wanted) remove_folder(folder.path);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void settle_signals() {
  for (const int ending : kEndings) {
    struct sigaction now {};
    if (::sigaction(ending, nullptr, &now) == 0 && now.sa_handler == SIG_DFL)
      ::signal(ending, remove_and_end);
  }
}

}  // namespace

void remove_at_signals(const std::string& folder) {
  static const bool settled = (settle_signals(), true);
  static_cast<void>(settled);
  if (folder.size() >= sizeof doomed[0].path) return;
  for (Doomed& slot : doomed) {
    if (slot.taken.exchange(true)) continue;
    ::strcpy(slot.path, folder.c_str());
    slot.wanted = true;
    return;
  }
}

void keep_at_signals(const std::string& folder) {
  for (Doomed& slot : doomed) {
    if (!slot.wanted || folder != slot.path) continue;
    slot.wanted = false;
    slot.taken = false;
  }
}

}  // namespace pw
