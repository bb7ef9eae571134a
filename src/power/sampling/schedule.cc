// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/schedule.h"

#include <algorithm>

#include "power/reader/patience.h"

namespace pw {

Nanoseconds Schedule::next(Nanoseconds now, bool good) {
  if (now >= deadline_) {
    const std::int64_t also_over = (now - deadline_).value / period_.value;
    missed_ += also_over;
    deadline_ += period_ * (also_over + 1);
  }
  failures_ = good ? 0 : failures_ + 1;
  const Nanoseconds retry = now + kRetry;
  if (failures_ == 0) return deadline_;
  return failures_ == 1 ? std::min(deadline_, retry) : retry;
}

void Schedule::slow_down(Nanoseconds period) { period_ = std::max(period_, period); }

}  // namespace pw
