// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/schedule.h"

#include <algorithm>

namespace pw {

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), whose n-th number needs none before it.
double random_share(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t bits = seed + (number + 1) * 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  bits ^= bits >> 31;
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

Schedule::Schedule(Nanoseconds begin, Nanoseconds slot, std::uint64_t seed, Nanoseconds now)
    : begin_(begin), slot_(slot), seed_(seed) {
  number_ = std::max<std::int64_t>(0, (now - begin).value / slot.value);
  begin_ += slot * number_;
  place(now);
}

Nanoseconds Schedule::next(Nanoseconds now, bool good) {
  if (now >= deadline_) go_on(now);
  if (good) {
    failures_ = 0;
    backoff_.succeeded();
    return deadline_;
  }
  const Nanoseconds retry = backoff_.failed(now);
  return ++failures_ == 1 ? std::min(deadline_, retry) : retry;
}

// A regular deadline is missed once it passes; a random one can still be had in the rest of its slot.
void Schedule::go_on(Nanoseconds now) {
  const std::int64_t begun = (now - begin_).value / slot_.value;
  const std::int64_t steps = seed_ ? std::max<std::int64_t>(1, begun) : begun + 1;
  missed_ += steps - 1;
  number_ += steps;
  begin_ += slot_ * steps;
  place(now);
}

void Schedule::place(Nanoseconds now) {
  deadline_ = begin_;
  if (!seed_) return;
  const Nanoseconds from = std::max(begin_, now), left = begin_ + slot_ - from;
  const double share = random_share(*seed_, static_cast<std::uint64_t>(number_));
  deadline_ = from + Nanoseconds{static_cast<std::int64_t>(share * static_cast<double>(left.value))};
}

void Schedule::join_slots(int slots) {
  begin_ = begin_of(number_ / slots * slots);
  number_ /= slots;
  slot_ = slot_ * slots;
}

void Schedule::slow_down(Nanoseconds slot) { slot_ = std::max(slot_, slot); }

}  // namespace pw
