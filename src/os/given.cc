// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/given.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace pw {
namespace {

constexpr int kMostWithoutCloseRange = 65'536;
constexpr unsigned kCloexec = 1U << 2;  // CLOSE_RANGE_CLOEXEC, Linux 5.11

// In order. What exec closes was not given.
std::vector<int> open_descriptors() {
  std::vector<int> open;
  DIR* const folder = ::opendir("/proc/self/fd");
  if (!folder) return open;
  while (const dirent* entry = ::readdir(folder)) {
    const int fd = std::atoi(entry->d_name);
    const int flags = ::fcntl(fd, F_GETFD);
    if (entry->d_name[0] != '.' && flags >= 0 && !(flags & FD_CLOEXEC)) open.push_back(fd);
  }
  ::closedir(folder);
  std::sort(open.begin(), open.end());
  return open;
}

const std::vector<int> given = open_descriptors();

void close_on_exec(int first, unsigned last) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), last, kCloexec) == 0) return;
#endif
  for (int fd = first; static_cast<unsigned>(fd) <= last && fd < kMostWithoutCloseRange; ++fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0) ::fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
  }
}

}  // namespace

void hold_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) < 0) (void)!::open("/dev/null", O_RDONLY);  // gets the lowest number: fd
}

void close_given_descriptors() {
  for (const int fd : given)
    if (fd > STDERR_FILENO) ::close(fd);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) return;
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  if (nothing > STDERR_FILENO) ::close(nothing);
}

void close_own_descriptors_on_exec(std::span<const int> kept) {
  int first = STDERR_FILENO + 1;
  for (const int fd : given) {
    if (fd < first) continue;
    if (fd > first) close_on_exec(first, static_cast<unsigned>(fd - 1));
    first = fd + 1;
  }
  close_on_exec(first, ~0U);
  for (const int fd : kept) ::fcntl(fd, F_SETFD, 0);
}

}  // namespace pw
