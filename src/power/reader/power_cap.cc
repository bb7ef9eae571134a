// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/power_cap.h"

#include <algorithm>
#include <utility>

#include "power/reader/limits.h"

namespace pw {
namespace {

constexpr double kOfTheLimit = 1.5;  // limits are means over a while
constexpr double kOfTheSeen = 3;

}  // namespace

Watts PowerCap::most() const {
  const Watts known = limit_ ? *limit_ * kOfTheLimit : std::max(likely_, seen_ * kOfTheSeen);
  return std::max(known, taught_);
}

bool PowerCap::allows(Joules rise, Seconds since) {
  const Seconds time = since + kLate;
  const bool allowed = rise <= most() * time;
  const auto before = std::exchange(doubted_, allowed ? std::nullopt : std::optional(rise / time));
  if (!allowed && before) taught_ = std::min(*before, *doubted_) * kOfTheLimit;
  return allowed;
}

void PowerCap::saw(Watts power) { seen_ = std::max(seen_, power); }

PowerCap power_cap(const Channel& channel, std::optional<Watts> limit) {
  const bool machine = channel.scope == kWholeMachine || channel.meter == kMeterExternal;
  return PowerCap(limit, machine ? kLikelyMachineWatts : kLikelySensorWatts);
}

}  // namespace pw
