// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

#include "base/units.h"

namespace pw {

// Between tries, of opening and of readings.
inline constexpr Nanoseconds kRetry{250'000'000};
// Of what is on the network, where a machine that is asked too often locks its doors.
inline constexpr Nanoseconds kLongestPause{60'000'000'000};

// How long what failed is left alone: kRetry, then twice as long after each failure in a row, up to
// `longest`.
class Backoff {
 public:
  explicit Backoff(Nanoseconds longest = kLongestPause) : longest_(longest) {}

  // When to try again.
  Nanoseconds failed(Nanoseconds now) {
    pause_ = pause_.value == 0 ? kRetry : std::min(pause_ * 2, longest_);
    return until_ = now + pause_;
  }
  void succeeded() { pause_ = until_ = {}; }

  bool due(Nanoseconds now) const { return now >= until_; }

 private:
  Nanoseconds longest_, pause_, until_;
};

}  // namespace pw
