// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "os/clock.h"

namespace pw {
namespace {

constexpr double kSet = 0.1;    // s; what the two clocks of this machine differ by when one was set
constexpr double kFresher = 2;  // s; so much fresher than all before it a line of another clock may be

}  // namespace

HostClocks host_clocks() { return {monotonic_now(), wall_clock_unix_s()}; }

void MeterClock::watch(double stamp, double step, HostClocks now) {
  const double age = now.unix_s - (stamp + step / 2);
  if (!freshest_ || age < *freshest_) freshest_ = age, step_ = step;
  last_stamp_ = stamp;
}

bool MeterClock::differs() const {
  return freshest_ && (*freshest_ > kBehind + step_ / 2 || *freshest_ < -kAhead - step_ / 2);
}

std::string MeterClock::settle(HostClocks now) {
  own_ = differs();
  if (!freshest_) return "";
  offset_ = to_seconds(now.monotonic).value - now.unix_s + (own_ ? *freshest_ : 0);
  last_time_ = std::min(*last_stamp_ + step_ / 2 + *offset_, to_seconds(now.monotonic).value);
  if (!own_) return "";
  return fmt::format("its clock is {:.1f} s {}: corrected", std::abs(*freshest_),
                     *freshest_ > 0 ? "behind" : "ahead");
}

Nanoseconds MeterClock::ahead(double stamp, double step, HostClocks now) {
  offset_ = to_seconds(now.monotonic).value - now.unix_s;
  return to_nanoseconds({stamp + step / 2 + *offset_});
}

MeterClock::Stamp MeterClock::take(double stamp, double step, HostClocks now) {
  const double arrival = to_seconds(now.monotonic).value;
  const double here = arrival - now.unix_s;
  const double middle = stamp + step / 2;
  if (!offset_) offset_ = here;
  if (stamp == last_stamp_) return {Verdict::repeated, {}, ""};
  const auto age = [&](double offset) { return arrival - middle - offset; };
  if (own_ && age(*offset_) < 0 && age(*offset_) > -kFresher) *offset_ += age(*offset_);
  const auto fits = [&](double offset) {
    return age(offset) >= -kAhead - step / 2 && age(offset) <= kOldest &&
           (!last_stamp_ || middle + offset > last_time_);
  };
  const double set = here - *offset_;
  if (!own_ && std::abs(set) > kSet + step && fits(here) &&
      (!fits(*offset_) || std::abs(age(here)) < std::abs(age(*offset_)))) {
    offset_ = here;
    return good(middle, stamp,
                fmt::format("this machine's clock was set by {:+.1f} s: so are the time stamps", -set));
  }
  if (fits(*offset_)) return good(middle, stamp, "");
  if (!std::exchange(suspect_, true))
    return {Verdict::bad, {}, fmt::format("the time stamp {:.3f} is {:.1f} s off", stamp, -age(*offset_))};
  const double jump = -age(*offset_);
  offset_ = arrival - middle;
  return good(
      middle, stamp,
      fmt::format("its clock jumped by {:+.1f} s: its time stamps are shifted back from here on", jump));
}

MeterClock::Stamp MeterClock::good(double middle, double stamp, std::string warning) {
  suspect_ = false;
  last_stamp_ = stamp;
  last_time_ = middle + *offset_;
  return {Verdict::good, to_nanoseconds({last_time_}), std::move(warning)};
}

}  // namespace pw
