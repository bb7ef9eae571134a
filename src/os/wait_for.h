// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "os/descriptor.h"

namespace pw {

// Running processes, which need not be our children, until each has ended. What later has the number of one
// of them is not taken for it.
class ProcessEnds {
 public:
  explicit ProcessEnds(std::span<const pid_t> processes);

  // Those that have ended since it was called last.
  std::vector<pid_t> look();
  // As of the last look.
  std::vector<pid_t> running() const;
  // Readable when look() has more to tell; but of those that the kernel has no pidfd for it does not say.
  int fd() const { return all_.fd(); }
  // Until look() may have more to tell.
  void wait() const;

 private:
  struct One {
    pid_t id = 0;
    Descriptor pidfd;     // none: Linux before 5.3, or a thread
    std::string started;  // for those without: see start_of
  };
  static bool runs(const One& one);
  std::vector<One> running_;
  Descriptor all_;  // epoll of the pidfds
};

// Returns when each of these processes, which need not be our children, has ended. Of none: never.
void wait_for_processes(std::span<const pid_t> processes);

}  // namespace pw
