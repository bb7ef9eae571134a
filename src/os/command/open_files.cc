// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/open_files.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>

namespace pw {
namespace {

rlimit before{};
bool raised = false;

}  // namespace

void raise_open_files() {
  if (raised || ::getrlimit(RLIMIT_NOFILE, &before) != 0) return;
  rlimit most = before;
  most.rlim_cur = most.rlim_max;
  raised = ::setrlimit(RLIMIT_NOFILE, &most) == 0;
}

void restore_open_files() {
  if (raised) ::setrlimit(RLIMIT_NOFILE, &before);
}

int unused_descriptor() {
  constexpr rlim_t kHighest = 1000;  // below select(2)'s limit, and cheap to copy at a fork
  constexpr int kLowest = 64;
  rlimit limit = before;
  if (!raised && ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  for (int fd = static_cast<int>(std::min(limit.rlim_cur - 1, kHighest)); fd >= kLowest; --fd)
    if (::fcntl(fd, F_GETFD) < 0) return fd;
  return -1;
}

}  // namespace pw
