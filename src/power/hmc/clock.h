// SPDX-License-Identifier: GPL-3.0-or-later
// The console's clock, which its time stamps follow, against this machine's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/units.h"

namespace pw {

// UNIX seconds. Of "Tue, 22 Nov 2022 16:17:30 GMT" (Date, RFC 9110) and of "2022-11-22T17:17:30+0100" (IBM's
// PCM; also with a colon in the offset, fractions of a second, or Z); nothing of anything else.
std::optional<std::int64_t> http_date(std::string_view text);
std::optional<std::int64_t> pcm_time(std::string_view text);

// How far the two are apart, from the Date of its answers: that is of a moment between the request and the
// answer, and of whole seconds. Each answer narrows it; a clock that is set begins anew.
class HmcClock {
 public:
  void take(std::string_view date, Nanoseconds asked, Nanoseconds answered);

  bool known() const { return low_.has_value(); }
  // CLOCK_MONOTONIC at that time of the console's, within half of doubt() before and after. Once known().
  Nanoseconds at(std::int64_t unix_s) const;
  Nanoseconds doubt() const { return *high_ - *low_; }
  // The console's time.
  std::int64_t unix_s(Nanoseconds time) const;
  // Whether it was set since the last call.
  bool take_jump();

 private:
  // Of CLOCK_MONOTONIC less the console's time, at `taken_`.
  std::optional<Nanoseconds> low_, high_;
  Nanoseconds taken_;
  bool jumped_ = false;
};

}  // namespace pw
