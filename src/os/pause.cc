// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/pause.h"

#include <time.h>

#include <cerrno>

#include "os/clock.h"

namespace pw {
namespace {

constexpr Nanoseconds kBrief{2'000'000};  // need not be cut short: clock_nanosleep takes less than a futex

}  // namespace

Pause::Pause() { ::sem_init(&said_, 0, 0); }

Pause::~Pause() { ::sem_destroy(&said_); }

Pause::Over Pause::until(Nanoseconds time) {
  const timespec at = {time.value / 1'000'000'000, time.value % 1'000'000'000};
  const bool brief = time - monotonic_now() <= kBrief;
  // A signal cuts a wait short.
  while (brief && ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) continue;
  while ((brief ? ::sem_trywait(&said_) : ::sem_clockwait(&said_, CLOCK_MONOTONIC, &at)) != 0)
    if (errno != EINTR) return Over::in_time;
  if (!ended_) return Over::woken;
  ::sem_post(&said_);  // so that later waits end, too
  return Over::ended;
}

void Pause::wake() { ::sem_post(&said_); }

void Pause::end() {
  ended_ = true;
  ::sem_post(&said_);
}

}  // namespace pw
