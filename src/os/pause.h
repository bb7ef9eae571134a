// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <semaphore.h>

#include "base/units.h"

namespace pw {

// A thread's waits for its next deadline, which another thread ends for good. A wait is one system call: that
// of a condition variable is two, for it leaves its mutex as if somebody waited for that.
class Pause {
 public:
  Pause();
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;
  ~Pause();

  // Waits until that time of CLOCK_MONOTONIC. False where the waits were ended: at once, or within 100 ms.
  bool until(Nanoseconds time);

  void end();

 private:
  sem_t ended_;
};

}  // namespace pw
