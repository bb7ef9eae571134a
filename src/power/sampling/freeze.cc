// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/freeze.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "power/sampling/renewal.h"

namespace pw {
namespace {

// Of counters that say how often they are renewed: 50 renewals, and 2 s. Of others a minute: steps may be
// coarse.
constexpr Nanoseconds kLeast{2'000'000'000}, kUnknown{60'000'000'000};
constexpr int kRenewals = 50;
// Late: a tenth of that, and 0.25 s.
constexpr Nanoseconds kLeastLate{250'000'000};
constexpr int kLateRenewals = 5;

}  // namespace

Freeze::Freeze(const std::vector<Channel>& channels) : late_(kLeastLate), frozen_after_(kLeast) {
  for (const Channel& channel : channels) {
    const bool known = channel.refresh.value > 0;
    late_ = std::max(late_, known ? channel.refresh * kLateRenewals : kUnknown);
    frozen_after_ = std::max(frozen_after_, known ? channel.refresh * kRenewals : kUnknown);
  }
}

std::string Freeze::check(std::vector<PowerSample>& reading) {
  const bool counts = !reading.empty() &&
                      std::ranges::all_of(reading, [](auto& sample) { return sample.joules.has_value(); });
  if (!counts) return "";
  if (last_.empty() || !same_values(reading, last_)) {
    last_ = reading;
    if (std::exchange(frozen_, false))
      for (PowerSample& sample : reading) sample.status = SampleStatus::reset;
    return "";
  }
  const Nanoseconds still = reading.front().time - last_.front().time;
  if (still <= late_) return "";
  for (PowerSample& sample : reading) {
    sample.joules.reset();
    sample.status = SampleStatus::timeout;
  }
  if (still <= frozen_after_ || std::exchange(frozen_, true)) return "";
  return fmt::format("its counters have stood still for {:.1f} s: they count as frozen",
                     to_seconds(still).value);
}

}  // namespace pw
