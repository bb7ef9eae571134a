// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/clock.h"

#include <time.h>

namespace pw {
namespace {

timespec read_clock(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return t;
}

double as_seconds(timespec t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

Nanoseconds monotonic_now() {
  const timespec t = read_clock(CLOCK_MONOTONIC);
  return {t.tv_sec * 1'000'000'000 + t.tv_nsec};
}

Nanoseconds time_suspended() {
  const timespec boot = read_clock(CLOCK_BOOTTIME);
  return Nanoseconds{boot.tv_sec * 1'000'000'000 + boot.tv_nsec} - monotonic_now();
}

double wall_clock_unix_s() { return as_seconds(read_clock(CLOCK_REALTIME)); }

Seconds process_cpu_time() { return {as_seconds(read_clock(CLOCK_PROCESS_CPUTIME_ID))}; }

Seconds thread_cpu_time() { return {as_seconds(read_clock(CLOCK_THREAD_CPUTIME_ID))}; }

}  // namespace pw
