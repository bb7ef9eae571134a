// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "base/units.h"
#include "power/http/date.h"

namespace pw {

// Where a service's clock stands against ours, out of the times that it tells in its answers.
class ServiceClock {
 public:
  // `time` stood in an answer that was asked for at `asked` and had come at `came`, CLOCK_MONOTONIC. Whether
  // that cannot be of the clock that it was so far: it was set, or this machine was suspended.
  bool told(const ToldTime& time, Nanoseconds asked, Nanoseconds came);

  bool known() const { return offset_.has_value(); }

  // CLOCK_MONOTONIC, when its clock showed between `from` and `to` (UNIX seconds): the middle of what may be,
  // and how long that is. Nothing: no time of this machine's.
  struct Moment {
    Nanoseconds time, doubt;
  };
  std::optional<Moment> moment(double from, double to) const;

 private:
  struct Range {
    double least, most;  // s, our clock less its
  };
  std::optional<Range> offset_;
  Nanoseconds at_;  // when it was last told
};

}  // namespace pw
