// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "base/units.h"
#include "power/reader/backoff.h"

namespace pw {

// When a sensor is read: at absolute deadlines, one a slot of time, whatever a reading takes. After a failure
// it is tried again after kRetry, or at the deadline where that comes earlier; from the second failure in a
// row on never before kRetry is over, or what back_off() makes of it.
class Schedule {
 public:
  // Slots of `slot` > 0 from `begin` on, whose deadlines are their begins.
  Schedule(Nanoseconds begin, Nanoseconds slot) : begin_(begin), slot_(slot), deadline_(begin) {}

  // Deadlines at random moments of the slots, uniformly over the whole of each, so that no load can be in
  // step with them; the first lies in what is left at `now` of the slot then. That of slot n follows from
  // `seed` and n, unless a reading was still under way when the slot began: then it lies in the rest of it.
  Schedule(Nanoseconds begin, Nanoseconds slot, std::uint64_t seed, Nanoseconds now);

  // When to read next, after a reading that ended `now`.
  Nanoseconds next(Nanoseconds now, bool good);
  Nanoseconds deadline() const { return deadline_; }

  // Of the deadline: slots count from 0.
  std::int64_t slot_number() const { return number_; }
  Nanoseconds begin_of(std::int64_t slot) const { return begin_ + slot_ * (slot - number_); }

  // From now on less often, where `slot` is longer than the one so far.
  void slow_down(Nanoseconds slot);
  Nanoseconds slot() const { return slot_; }
  // From now on so many slots are one.
  void join_slots(int slots);

  // From now on what keeps failing is tried less and less often.
  void back_off() { backoff_ = Backoff(); }

  // Slots in which nothing was read, for a reading was still under way.
  std::int64_t missed() const { return missed_; }

 private:
  void go_on(Nanoseconds now);
  void place(Nanoseconds now);

  Nanoseconds begin_, slot_;
  Nanoseconds deadline_;  // the next that is not over
  std::optional<std::uint64_t> seed_;
  std::int64_t number_ = 0;
  std::int64_t missed_ = 0;
  int failures_ = 0;  // in a row
  Backoff backoff_{kRetry};
};

// Uniform in [0, 1): the same for the same two numbers everywhere.
double random_share(std::uint64_t seed, std::uint64_t number);

}  // namespace pw
