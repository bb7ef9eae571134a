// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/pause.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "os/clock.h"

namespace pw {
namespace {

using Over = Pause::Over;

constexpr Nanoseconds kMillisecond{1'000'000};
// A brief wait and a long one are different system calls.
constexpr Nanoseconds kBrief{1'500'000}, kLong = kMillisecond * 150;

TEST(Pause, LastsUntilItsTime) {
  Pause pause;
  for (const Nanoseconds length : {kBrief, kLong, kMillisecond * -5}) {
    const Nanoseconds until = monotonic_now() + length;
    EXPECT_EQ(pause.until(until), Over::in_time);
    EXPECT_GE(monotonic_now(), until);
  }
}

TEST(Pause, IsEndedForGood) {
  Pause pause;
  std::thread other([&pause] {
    ::usleep(20'000);
    pause.end();
  });
  const Nanoseconds begin = monotonic_now();
  EXPECT_EQ(pause.until(begin + kMillisecond * 60'000), Over::ended);
  EXPECT_LT(monotonic_now() - begin, kMillisecond * 30'000);
  other.join();
  EXPECT_EQ(pause.until(begin + kMillisecond * 60'000), Over::ended);
  EXPECT_EQ(pause.until(begin), Over::ended);
}

TEST(Pause, IsCutShortOnceByEachWake) {
  Pause pause;
  std::thread other([&pause] {
    ::usleep(10'000);
    pause.wake();
    pause.wake();
  });
  const Nanoseconds begin = monotonic_now();
  EXPECT_EQ(pause.until(begin + kMillisecond * 60'000), Over::woken);
  other.join();
  EXPECT_EQ(pause.until(begin), Over::woken);
  EXPECT_EQ(pause.until(begin), Over::in_time);
  pause.wake();
  pause.end();
  EXPECT_EQ(pause.until(begin + kMillisecond * 60'000), Over::ended);
  EXPECT_LT(monotonic_now() - begin, kMillisecond * 30'000);
}

TEST(Pause, IsNotCutShortByASignal) {
  struct sigaction nothing {};
  struct sigaction before {};
  nothing.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &nothing, &before);
  for (const Nanoseconds length : {kBrief, kLong}) {
    Pause pause;
    std::thread other([waiting = ::pthread_self()] {
      ::usleep(500);
      ::pthread_kill(waiting, SIGUSR1);
    });
    const Nanoseconds until = monotonic_now() + length;
    EXPECT_EQ(pause.until(until), Over::in_time);
    EXPECT_GE(monotonic_now(), until);
    other.join();
  }
  ::sigaction(SIGUSR1, &before, nullptr);
}

}  // namespace
}  // namespace pw
