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

// A meter may follow this machine's clock, or one of its own. While it is opened its freshest line tells
// which: what came kBehind after its stamp, or kAhead before it, has another clock, and all stamps are
// shifted so that the freshest line is of when it came. From then on a stamp is believed where it makes the
// line at most kOldest old and at most kAhead ahead of us, and later than the line before. One that is not so
// is taken in CLOCK_REALTIME as it is now, which may have been set; else one is bad, and with the next the
// meter's clock has jumped, and its lines are as fresh as they come from there on.
class MeterClock {
 public:
  static constexpr double kOldest = 60;
  static constexpr double kAhead = 0.5;
  static constexpr double kBehind = 1;

  // A line came while the meter is opened.
  void watch(double stamp, double step, HostClocks now);
  // Whether it goes otherwise than this machine's, as far as lines were watched.
  bool differs() const;
  // The end of that. What is to be said of its clock, "" where it is right.
  std::string settle(HostClocks now);

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

  std::optional<double> freshest_;  // of lines that were watched: least of arrival less stamp, seconds
  double step_ = 0;                 // of its stamp
  bool own_ = false;                // the meter's clock is not this machine's
  std::optional<double> offset_;    // CLOCK_MONOTONIC less the meter's time, seconds
  std::optional<double> last_stamp_;
  double last_time_ = 0;  // CLOCK_MONOTONIC, seconds
  bool suspect_ = false;
};

}  // namespace pw
