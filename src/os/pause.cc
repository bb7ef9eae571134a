// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/pause.h"

#include <time.h>

#include "os/clock.h"

namespace pw {
namespace {

constexpr Nanoseconds kBrief{100'000'000};  // need not be cut short

}  // namespace

Pause::Pause() { ::sem_init(&ended_, 0, 0); }

Pause::~Pause() { ::sem_destroy(&ended_); }

bool Pause::until(Nanoseconds time) {
  const timespec at = {time.value / 1'000'000'000, time.value % 1'000'000'000};
  const auto ended = [&] {
    if (time - monotonic_now() > kBrief) return ::sem_clockwait(&ended_, CLOCK_MONOTONIC, &at) == 0;
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
    return ::sem_trywait(&ended_) == 0;
  };
  do
    if (ended()) {
      ::sem_post(&ended_);  // so that later waits end, too
      return false;
    }
  while (monotonic_now() < time);  // a signal came
  return true;
}

void Pause::end() { ::sem_post(&ended_); }

}  // namespace pw
