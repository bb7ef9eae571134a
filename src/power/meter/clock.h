// SPDX-License-Identifier: GPL-3.0-or-later
// A meter's time stamps, UNIX seconds, as CLOCK_MONOTONIC.
#pragma once

#include <optional>
#include <string>

#include "base/units.h"

namespace pw {

// This machine's two clocks at the same moment.
struct HostClocks {
  Nanoseconds monotonic;
  double unix_s = 0;
};
HostClocks host_clocks();

// A meter may follow this machine's clock, or one of its own. A stamp is believed where it makes the row at
// most kOldest old and at most kAhead ahead of us, and later than the row before. One that is not so is taken
// in CLOCK_REALTIME as it is now, which may have been set; else one is bad, and with the next the meter's
// clock has jumped, and its rows are as fresh as they come from there on.
class MeterClock {
 public:
  static constexpr double kOldest = 60;
  static constexpr double kAhead = 0.5;

  enum class Verdict { good, repeated, bad };
  struct Stamp {
    Verdict verdict = Verdict::good;
    Nanoseconds time;     // of `good`: the middle of the stamp's last digit
    std::string warning;  // "" where there is nothing to say
  };

  // `stamp` of a row that has come `now`; `step`: what its last digit is worth.
  Stamp take(double stamp, double step, HostClocks now);

  // Of a row that was there before its time, in this machine's clock.
  Nanoseconds ahead(double stamp, double step, HostClocks now);

 private:
  Stamp good(double middle, double stamp, std::string warning);

  std::optional<double> offset_;  // CLOCK_MONOTONIC less the meter's time, seconds
  std::optional<double> last_stamp_;
  double last_time_ = 0;  // CLOCK_MONOTONIC, seconds
  bool suspect_ = false;
};

}  // namespace pw
