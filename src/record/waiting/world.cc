// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/waiting/world.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "os/clock.h"

namespace pw {
namespace {

// Rounded up: to wake too early would be to wait twice.
int milliseconds_until(Nanoseconds when) {
  const std::int64_t left = (when - monotonic_now()).value;
  return left <= 0 ? 0 : static_cast<int>(std::min<std::int64_t>((left + 999'999) / 1'000'000, 60'000));
}

}  // namespace

Nanoseconds SystemWorld::now() { return monotonic_now(); }

bool SystemWorld::wait(Nanoseconds until, int output, int other) {
  pollfd waits[3] = {{signals_.fd(), POLLIN, 0}, {output, POLLIN, 0}, {other, POLLIN, 0}};
  return ::poll(waits, 3, milliseconds_until(until)) > 0 && waits[1].revents != 0;
}

void SystemWorld::stop_here() { ::kill(::getpid(), SIGSTOP); }

}  // namespace pw
