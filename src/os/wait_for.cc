// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/wait_for.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "os/descriptor.h"

namespace pw {

void wait_for_processes(std::span<const pid_t> processes) {
  while (processes.empty()) ::pause();
  for (const pid_t process : processes) {
    const Descriptor fd(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!fd) continue;
    pollfd end = {fd.fd(), POLLIN, 0};
    while (::poll(&end, 1, -1) < 0 && errno == EINTR) {
    }
  }
}

}  // namespace pw
