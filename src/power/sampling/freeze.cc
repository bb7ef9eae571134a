// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/freeze.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pw {
namespace {

// Unchanged for longer than this a value is late, or frozen: of what a sensor has between two changes.
constexpr Nanoseconds kLate{250'000'000}, kFrozen{2'000'000'000};
constexpr int kLateRenewals = 5, kFrozenRenewals = 10, kFrozenGaps = 3;
constexpr int kSoonRenewals = 2;  // before these nothing is strange
constexpr double kSteps = 10;
// Of the least power ever: a counter that rose by less after a silence did not count all the while.
constexpr double kMadeUp = 0.5;

}  // namespace

Freeze::Freeze(const Channel& channel)
    : refresh_(channel.refresh), step_(channel.step), step_known_(channel.step > 0) {}

std::string Freeze::take(PowerSample sample, std::optional<Nanoseconds> renews,
                         std::vector<PowerSample>& readings) {
  if (!sample.joules) {
    (kept_.empty() ? readings : kept_).push_back(sample);
    return "";
  }
  if (sample.joules == last_ && sample.status != SampleStatus::reset)
    return still(sample, std::max(refresh_, renews.value_or(Nanoseconds{})), readings);
  return rose(sample, readings);
}

std::string Freeze::still(PowerSample sample, Nanoseconds renewal, std::vector<PowerSample>& readings) {
  const Nanoseconds length = changed_ ? sample.time - *changed_ : Nanoseconds{};
  kept_.push_back(sample);
  if (length <= renewal * kSoonRenewals || !overdue(length)) {
    give(true, readings);
    return "";
  }
  late_ = late_ || length > std::max({kLate, renewal * kLateRenewals, longest_ + longest_ / 2});
  if (!late_) return "";
  give(false, readings);
  if (length <= std::max({kFrozen, renewal * kFrozenRenewals, longest_ * kFrozenGaps})) return "";
  if (std::exchange(frozen_, true)) return "";
  return fmt::format("its counter has stood still for {:.1f} s: it counts as frozen",
                     to_seconds(length).value);
}

std::string Freeze::rose(PowerSample sample, std::vector<PowerSample>& readings) {
  give(true, readings);
  const bool frozen = std::exchange(frozen_, false), late = std::exchange(late_, false);
  const std::optional<Joules> last = std::exchange(last_, sample.joules);
  const std::optional<Nanoseconds> changed = std::exchange(changed_, sample.time);
  std::string warning;
  if (last && changed && sample.status != SampleStatus::reset) {
    const Nanoseconds gap = sample.time - *changed;
    const Joules rise = *sample.joules - *last;
    const bool missing = late && rise < *least_ * to_seconds(gap) * kMadeUp;
    if (missing && !frozen)
      warning = fmt::format("its counter stood still for {:.1f} s: the energy meanwhile is unknown",
                            to_seconds(gap).value);
    if (frozen || missing)
      sample.status = SampleStatus::reset;
    else
      learn(gap, rise);
  } else if (!last) {
    changed_.reset();  // since when it shows this nobody knows
  }
  readings.push_back(sample);
  return warning;
}

void Freeze::learn(Nanoseconds gap, Joules rise) {
  if (gap.value <= 0 || rise.value <= 0) return;
  longest_ = std::max(longest_, gap);
  const Watts power = rise / to_seconds(gap);
  least_ = least_ ? std::min(*least_, power) : power;
  if (!step_known_) step_ = step_ > 0 ? std::min(step_, rise.value) : rise.value;
}

bool Freeze::overdue(Nanoseconds length) const {
  return least_ && (*least_ * to_seconds(length)).value >= kSteps * step_;
}

void Freeze::give(bool with_values, std::vector<PowerSample>& readings) {
  for (PowerSample& sample : kept_) {
    if (!with_values && sample.joules) {
      sample.joules.reset();
      sample.status = SampleStatus::timeout;
    }
    readings.push_back(sample);
  }
  kept_.clear();
}

}  // namespace pw
