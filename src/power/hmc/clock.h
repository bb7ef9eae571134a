// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "base/units.h"
#include "power/http/service_clock.h"

namespace pw {

// The console's clock, which its time stamps follow, against this machine's: by the Date of its answers.
class HmcClock {
 public:
  void take(std::string_view date, Nanoseconds asked, Nanoseconds answered);

  bool known() const { return clock_.known(); }
  // CLOCK_MONOTONIC at that UNIX time of the console's, within half of doubt() before and after. Once
  // known().
  Nanoseconds at(std::int64_t unix_s) const;
  Nanoseconds doubt() const { return told().doubt; }
  // The console's time.
  std::int64_t unix_s(Nanoseconds time) const;
  // Whether it was set since the last call.
  bool take_jump();

 private:
  // When it showed told_.
  ServiceClock::Moment told() const;

  ServiceClock clock_;
  std::int64_t told_ = 0;  // the latest Date, UNIX seconds
  bool jumped_ = false;
};

}  // namespace pw
