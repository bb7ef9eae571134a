// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/service_clock.h"

#include <algorithm>
#include <cmath>

namespace pw {
namespace {

constexpr double kFarthest = 1e9;  // s
constexpr double kDrift = 200e-6;  // of two clocks from each other, at most

}  // namespace

bool ServiceClock::told(const ToldTime& time, Nanoseconds asked, Nanoseconds came) {
  const Range now{to_seconds(asked).value - time.unix_s - time.step, to_seconds(came).value - time.unix_s};
  const double drift = kDrift * to_seconds(came - at_).value;
  at_ = came;
  if (offset_) {
    const Range both{std::max(now.least, offset_->least - drift), std::min(now.most, offset_->most + drift)};
    if (both.least <= both.most) {
      offset_ = both;
      return false;
    }
  }
  const bool set = offset_.has_value();
  offset_ = now;
  return set;
}

std::optional<ServiceClock::Moment> ServiceClock::moment(double from, double to) const {
  if (!offset_) return std::nullopt;
  const double least = from + offset_->least, most = to + offset_->most;
  if (!(std::abs(least) < kFarthest && std::abs(most) < kFarthest)) return std::nullopt;
  return Moment{to_nanoseconds({(least + most) / 2}), to_nanoseconds({most - least})};
}

}  // namespace pw
