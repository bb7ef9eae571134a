// SPDX-License-Identifier: GPL-3.0-or-later
// What a part may draw: a rise of its energy counter that needs more is no energy. docs/power-sources.md,
// "Jumps".
#pragma once

#include <optional>

#include "base/units.h"
#include "model/power.h"

namespace pw {

class PowerCap {
 public:
  // `limit`: the part's own, where it tells one. `likely`: what no such part draws, for all that is known.
  explicit PowerCap(std::optional<Watts> limit, Watts likely) : limit_(limit), likely_(likely) {}

  // 1.5 times the limit; else 3 times the largest power seen, `likely` at least. What two rises in a row ask
  // for is what the part draws.
  Watts most() const;

  // Whether `rise` can have been drawn in `since` and kLate. A rise that is not may teach it more.
  bool allows(Joules rise, Seconds since);

  // A power that is known to be true.
  void saw(Watts power);

  static constexpr Seconds kLate{0.25};  // that a reading may be stamped too late or too early by

 private:
  std::optional<Watts> limit_;
  Watts likely_, seen_, taught_;
  std::optional<Watts> doubted_;  // of the rise before, where that was not allowed
};

// Of a channel, by what it measures.
PowerCap power_cap(const Channel& channel, std::optional<Watts> limit);

}  // namespace pw
