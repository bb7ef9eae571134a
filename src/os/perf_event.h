// SPDX-License-Identifier: GPL-3.0-or-later
// perf_event_open(2) and its file descriptors.
#pragma once

#include <linux/perf_event.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <tl/expected.hpp>
#include <vector>

#include "base/units.h"
#include "os/descriptor.h"

namespace pw {

class Root;

struct PerfCount {
  std::uint64_t value = 0;
  Nanoseconds enabled;
  Nanoseconds running;
};

// Events that are read at once.
struct CounterGroup {
  int fd = -1;              // of its leader
  std::vector<int> events;  // in the order in which they are read
};

class PerfEvent {
 public:
  // An attr that counts (no sampling), starts disabled and reads value, time enabled and time running.
  static perf_event_attr counting(std::uint32_t type, std::uint64_t config);

  // `group_fd` -1: its own leader. With PERF_FORMAT_GROUP a leader's read has its whole group. The error is
  // the errno.
  static tl::expected<PerfEvent, int> open(perf_event_attr attr, pid_t pid, int cpu, int group_fd = -1);

  // The errno where not the kernel's perf events answer, which refuse unknown flags before they look at
  // anything else, but a seccomp filter or an emulator; 0 where they do.
  static int answers_before_the_kernel();

  int fd() const { return fd_.fd(); }
  bool reads_group() const { return reads_group_; }
  // Of this event, or of its whole group where it leads one.
  void enable() const;
  void disable() const;
  // The error is the errno; EIO (0 bytes read) means that the event is in an error state.
  tl::expected<PerfCount, int> read() const;

 private:
  PerfEvent(int fd, bool reads_group) : fd_(fd), reads_group_(reads_group) {}
  tl::expected<PerfCount, int> read_first() const;
  Descriptor fd_;
  bool reads_group_ = false;
};

// /proc/sys/kernel/perf_event_paranoid; nothing where the kernel has no perf events.
std::optional<long> perf_event_paranoid(const Root& root);

}  // namespace pw
