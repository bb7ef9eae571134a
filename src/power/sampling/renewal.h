// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "model/power.h"

namespace pw {

// Finds the rhythm in which an energy counter is renewed, from when it changes. Watts may stand still or
// follow the rhythm of the load: they say nothing of the sensor.
class Renewal {
 public:
  // A reading at `time` differed from the one before.
  void changed(Nanoseconds time);

  // The median of the last full kEnough times between changes, if they came in a rhythm: nine of ten within a
  // quarter of it.
  std::optional<Nanoseconds> found() const { return found_; }

 private:
  static constexpr std::size_t kEnough = 20;

  std::optional<Nanoseconds> changed_;
  std::vector<Nanoseconds> gaps_;  // between changes, fewer than kEnough
  std::optional<Nanoseconds> found_;
};

bool same_values(const std::vector<PowerSample>& a, const std::vector<PowerSample>& b);

}  // namespace pw
