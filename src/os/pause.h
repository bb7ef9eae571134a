// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <semaphore.h>

#include <atomic>

#include "base/units.h"

namespace pw {

// A thread's waits for its next deadline, which another thread ends for good, or cuts short. A wait is one
// system call: that of a condition variable is two, for it leaves its mutex as if somebody waited for that.
class Pause {
 public:
  Pause();
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;
  ~Pause();

  enum class Over { in_time, woken, ended };
  // Waits until that time of CLOCK_MONOTONIC. `woken`, `ended`: the other thread said so, at once or within
  // 2 ms; each wake() cuts one wait short.
  Over until(Nanoseconds time);

  void wake();
  void end();

 private:
  sem_t said_;
  std::atomic<bool> ended_ = false;
};

}  // namespace pw
