// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/perf_event.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/root.h"

namespace pw {

perf_event_attr PerfEvent::counting(std::uint32_t type, std::uint64_t config) {
  perf_event_attr attr{};
  attr.size = sizeof attr;
  attr.type = type;
  attr.config = config;
  attr.disabled = 1;
  attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return attr;
}

tl::expected<PerfEvent, int> PerfEvent::open(perf_event_attr attr, pid_t pid, int cpu, int group_fd) {
  const long fd = ::syscall(SYS_perf_event_open, &attr, pid, cpu, group_fd, PERF_FLAG_FD_CLOEXEC);
  if (fd < 0) return tl::unexpected(errno);
  return PerfEvent(static_cast<int>(fd), (attr.read_format & PERF_FORMAT_GROUP) != 0);
}

int PerfEvent::answers_before_the_kernel() {
  constexpr unsigned long kUnknownFlags = ~0UL;
  const long fd = ::syscall(SYS_perf_event_open, nullptr, 0, -1, -1, kUnknownFlags);
  return fd < 0 && errno != EINVAL ? errno : 0;
}

void PerfEvent::enable() const { ::ioctl(fd(), PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP); }

void PerfEvent::disable() const { ::ioctl(fd(), PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP); }

namespace {

// ECHILD: the kernel is giving a thread that is being made a part of the group.
ssize_t read_whole(int fd, void* words, std::size_t bytes) {
  constexpr int kMostReads = 10'000;  // some 10 ms: whoever makes the thread may not run meanwhile
  ssize_t got = -1;
  for (int i = 0; i < kMostReads && (i == 0 || (got < 0 && errno == ECHILD)); ++i)
    got = ::read(fd, words, bytes);
  return got;
}

}  // namespace

// Of a group: how many, both times, the counts.
tl::expected<PerfCount, int> PerfEvent::read_first() const {
  std::array<std::uint64_t, 2048> words{};  // no kernel has larger groups
  const ssize_t got = read_whole(fd(), words.data(), sizeof words);
  if (got < static_cast<ssize_t>(4 * sizeof words[0])) return tl::unexpected(got < 0 ? errno : EIO);
  return PerfCount{words[3], {static_cast<std::int64_t>(words[1])}, {static_cast<std::int64_t>(words[2])}};
}

tl::expected<PerfCount, int> PerfEvent::read() const {
  if (reads_group_) return read_first();
  std::array<std::uint64_t, 3> words{};
  const ssize_t got = read_whole(fd(), words.data(), sizeof words);
  if (got != static_cast<ssize_t>(sizeof words)) return tl::unexpected(got < 0 ? errno : EIO);
  return PerfCount{words[0], {static_cast<std::int64_t>(words[1])}, {static_cast<std::int64_t>(words[2])}};
}

std::optional<long> perf_event_paranoid(const Root& root) {
  return root.number("proc/sys/kernel/perf_event_paranoid");
}

}  // namespace pw
