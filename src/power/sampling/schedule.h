// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/units.h"

namespace pw {

// When a sensor is read: at first + n * period, whatever a reading takes. After a failure it is tried again
// after kRetry, or at the deadline where that comes earlier; from the second failure in a row on never
// before kRetry is over.
class Schedule {
 public:
  // `period` > 0.
  Schedule(Nanoseconds first, Nanoseconds period) : deadline_(first), period_(period) {}

  // When to read next, after a reading that ended `now`.
  Nanoseconds next(Nanoseconds now, bool good);

  // From now on less often, where `period` is longer than the one so far.
  void slow_down(Nanoseconds period);
  Nanoseconds period() const { return period_; }

  // Deadlines at which nothing was read.
  std::int64_t missed() const { return missed_; }

 private:
  Nanoseconds deadline_;  // the next that is not over
  Nanoseconds period_;
  std::int64_t missed_ = 0;
  int failures_ = 0;  // in a row
};

}  // namespace pw
