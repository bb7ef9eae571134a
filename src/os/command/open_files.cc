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

std::vector<int> unused_descriptors(std::size_t count) {
  constexpr rlim_t kHighest = 1000;  // below select(2)'s limit, and cheap to copy at a fork
  constexpr int kLowest = 64;
  rlimit limit = before;
  if (!raised && ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  std::vector<int> found;
  for (int fd = static_cast<int>(std::min(limit.rlim_cur - 1, kHighest));
       fd >= kLowest && found.size() < count; --fd)
    if (::fcntl(fd, F_GETFD) < 0) found.push_back(fd);
  return found;
}

int unused_descriptor() {
  const std::vector<int> found = unused_descriptors(1);
  return found.empty() ? -1 : found.front();
}

}  // namespace pw
