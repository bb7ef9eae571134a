// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/clock.h"

#include <cmath>
#include <utility>

#include "base/text.h"
#include "power/http/date.h"

namespace pw {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

void HmcClock::take(std::string_view date, Nanoseconds asked, Nanoseconds answered) {
  const auto time = http_date(trim(date));
  if (!time) return;
  jumped_ = clock_.told(*time, asked, answered) || jumped_;
  told_ = std::llround(time->unix_s);
}

ServiceClock::Moment HmcClock::told() const {
  const auto second = static_cast<double>(told_);
  return clock_.moment(second, second).value_or(ServiceClock::Moment{});
}

Nanoseconds HmcClock::at(std::int64_t unix_s) const {
  return told().time + Nanoseconds{(unix_s - told_) * kSecond};
}

std::int64_t HmcClock::unix_s(Nanoseconds time) const {
  const std::int64_t since = (time - told().time).value;
  return told_ + (since >= 0 ? since : since - kSecond + 1) / kSecond;
}

bool HmcClock::take_jump() { return std::exchange(jumped_, false); }

}  // namespace pw
