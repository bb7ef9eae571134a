// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/pause.h"

#include <time.h>

#include <cerrno>

#include "os/clock.h"

namespace pw {
namespace {

constexpr Nanoseconds kBrief{100'000'000};  // need not be cut short

}  // namespace

Pause::Pause() { ::sem_init(&ended_, 0, 0); }

Pause::~Pause() { ::sem_destroy(&ended_); }

bool Pause::until(Nanoseconds time) {
  const timespec at = {time.value / 1'000'000'000, time.value % 1'000'000'000};
  const bool brief = time - monotonic_now() <= kBrief;
  // A signal cuts a wait short.
  while (brief && ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) continue;
  while ((brief ? ::sem_trywait(&ended_) : ::sem_clockwait(&ended_, CLOCK_MONOTONIC, &at)) != 0)
    if (errno != EINTR) return true;
  ::sem_post(&ended_);  // so that later waits end, too
  return false;
}

void Pause::end() { ::sem_post(&ended_); }

}  // namespace pw
