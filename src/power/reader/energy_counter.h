// SPDX-License-Identifier: GPL-3.0-or-later
// The one rule of all energy counters: a rise, and a wrap, has to be possible. docs/power-sources.md,
// "Jumps".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/units.h"
#include "model/power.h"
#include "power/reader/limits.h"
#include "power/reader/power_cap.h"
#include "power/reader/warnings.h"

namespace pw {

// What became of a counter since it was last read. All but `ok` are resets: the energy meanwhile is unknown.
enum class CounterStep {
  ok,
  went_back,
  jumped,          // rose by more than the part can draw
  unread_too_long  // may have wrapped more than once
};

struct CounterFinding {
  CounterStep step = CounterStep::ok;
  Joules rise;      // of `jumped`
  Seconds since;    // the value before; of `unread_too_long`: the reading before
  Watts most;       // that the part can draw
  Seconds longest;  // that the counter may be left unread
};

// "its counter went back: the energy meanwhile is unknown"
std::string to_text(const CounterFinding& finding);

// "read it every 52 s or more often (--rate 0.0191; perfwatt power -I 52429)"
std::string how_often(Seconds longest);

template <class Count>
struct EnergyRules {
  double scale = 1;  // joules of one count
  // It begins anew at 0 beyond this; 0: it does not. A count that goes back has wrapped where the energy
  // around `range` can have been drawn meanwhile, else it was reset.
  Count range = 0;
  PowerCap cap = PowerCap({}, kLikelySensorWatts);
  Nanoseconds refresh = {};  // how often it is renewed; 0: unknown
};

// How long a counter may be left unread without that it may have wrapped twice; nothing: as long as one
// likes.
inline std::optional<Seconds> longest_unread(Joules range, const PowerCap& cap) {
  if (range.value <= 0) return std::nullopt;
  return Seconds{range.value / cap.most().value};
}

// The joules out of a counter that is read now and then: from 0 at the first reading on, wraps undone,
// without what is unknown after a reset.
template <class Count>
class EnergyCounter {
 public:
  explicit EnergyCounter(EnergyRules<Count> rules) : rules_(std::move(rules)) {}

  // It stood at `count` at `time`.
  CounterStep take(Count count, Nanoseconds time) {
    const Seconds unread = to_seconds(time - std::exchange(read_, time));
    const std::optional<Count> last = std::exchange(last_, count);
    const auto longest = longest_unread(joules_of(rules_.range), rules_.cap);
    if (last && longest && unread > *longest) {
      changed_ = time;
      reset(CounterStep::unread_too_long, {}, unread);
      finding_.longest = *longest;
      return CounterStep::unread_too_long;
    }
    if (last && *last == count) return CounterStep::ok;
    const Seconds since = to_seconds(time - std::exchange(changed_, time));
    const CounterStep step = last ? rise(*last, count, since) : CounterStep::ok;
    learn(time);
    return step;
  }

  Joules joules() const { return joules_; }

  // Of the last take() that was not ok, and how many there were.
  const CounterFinding& finding() const { return finding_; }
  std::int64_t resets() const { return resets_; }

 private:
  // A value that is seen for the first time may be a minute old already, where nobody says how often it is
  // renewed.
  static constexpr Seconds kOldest{60};
  static constexpr Seconds kLearned{1};

  CounterStep rise(Count last, Count count, Seconds since) {
    const bool back = count < last;
    if (back && (rules_.range == 0 || last > rules_.range)) return reset(CounterStep::went_back, {}, since);
    const Joules energy = joules_of(back ? rules_.range - last + count : count - last);
    const bool old = anew_ && rules_.refresh.value == 0;
    if (!rules_.cap.allows(energy, old ? since + kOldest : since))
      return reset(back ? CounterStep::went_back : CounterStep::jumped, energy, since);
    learns_ = !std::exchange(anew_, false);
    joules_ += energy;
    return CounterStep::ok;
  }

  // From what was drawn in kLearned or longer: a renewal may be seen at once, and the next one late.
  void learn(Nanoseconds time) {
    const Seconds watched = to_seconds(time - learned_);
    if (learns_ && watched < kLearned) return;
    if (learns_) rules_.cap.saw((joules_ - learned_joules_) / watched);
    learned_ = time;
    learned_joules_ = joules_;
  }

  CounterStep reset(CounterStep step, Joules rise, Seconds since) {
    anew_ = true;
    learns_ = false;
    ++resets_;
    finding_ = {step, rise, since, rules_.cap.most(), {}};
    return step;
  }

  Joules joules_of(Count count) const { return {static_cast<double>(count) * rules_.scale}; }

  EnergyRules<Count> rules_;
  std::optional<Count> last_;
  Nanoseconds read_, changed_;
  bool anew_ = true;     // no rise was seen since the first reading, or since a reset
  bool learns_ = false;  // nor a reset since `learned_`
  Nanoseconds learned_;
  Joules joules_, learned_joules_;
  CounterFinding finding_;
  std::int64_t resets_ = 0;
};

inline constexpr std::int64_t kResetsSaid = 3;  // each; then the 10th, the 100th, ...

// The joules, and the status, of a sample of the counter that stood at `value` then. Resets are said of
// `name`.
template <class Count>
void take_count(EnergyCounter<Count>& counter, Count value, const std::string& name, PowerSample& sample,
                Warnings& warnings) {
  if (counter.take(value, sample.time) != CounterStep::ok) {
    sample.status = SampleStatus::reset;
    if (counter.resets() <= kResetsSaid || worth_saying(counter.resets()))
      warnings.say(name + ": " + to_text(counter.finding()));
  }
  sample.joules = counter.joules();
}

}  // namespace pw
