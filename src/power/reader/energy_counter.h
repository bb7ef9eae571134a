// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/units.h"

namespace pw {

// What became of a counter since it was last read. All but `ok` are resets: the energy meanwhile is unknown.
enum class CounterStep {
  ok,
  went_back,
  jumped,          // rose by more than EnergyRules::most could
  unread_too_long  // may have wrapped more than once
};

// "its counter went back: the energy meanwhile is unknown"
std::string to_text(CounterStep step);

template <class Count>
struct EnergyRules {
  double scale = 1;  // joules of one count
  // It begins anew at 0 beyond this; 0: it does not. A count that goes back by more than half of it has
  // wrapped, by less was reset.
  Count range = 0;
  // So much would take it around `range`: where that was possible since the last reading, it is a reset.
  std::optional<Watts> around = {};
  // Nothing draws more: a rise by more than this in the time and a second is a jump.
  std::optional<Watts> most = {};
};

// The joules out of a counter that is read now and then: from 0 at the first reading on, wraps undone,
// without what is unknown after a reset.
template <class Count>
class EnergyCounter {
 public:
  explicit EnergyCounter(EnergyRules<Count> rules) : rules_(rules) {}

  // It stood at `count` at `time`.
  CounterStep take(Count count, Nanoseconds time) {
    const Seconds since = to_seconds(time - std::exchange(time_, time));
    const std::optional<Count> last = std::exchange(last_, count);
    if (!last) return CounterStep::ok;
    if (rules_.around && rules_.range > 0 && *rules_.around * since > joules_of(rules_.range))
      return CounterStep::unread_too_long;
    const bool back = count < *last;
    if (back && !wrapped(*last, count)) return CounterStep::went_back;
    const Joules rise = joules_of(back ? rules_.range - *last + count : count - *last);
    if (rules_.most && rise > *rules_.most * Seconds{since.value + 1}) return CounterStep::jumped;
    joules_ += rise;
    return CounterStep::ok;
  }

  Joules joules() const { return joules_; }

 private:
  bool wrapped(Count last, Count count) const {
    return rules_.range > 0 && last <= rules_.range && last - count > rules_.range / 2;
  }
  Joules joules_of(Count count) const { return {static_cast<double>(count) * rules_.scale}; }

  EnergyRules<Count> rules_;
  std::optional<Count> last_;
  Nanoseconds time_;
  Joules joules_;
};

}  // namespace pw
