// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "model/power.h"

namespace pw {

// Finds the rhythm in which a sensor renews its values, from when they change.
class Renewal {
 public:
  // A good reading of all channels of a source.
  void add(const std::vector<PowerSample>& reading);

  // The median time between changes, once kEnough of them came in a rhythm: nine of ten within a quarter of
  // it. Values that stay the same for a while, as whole watts do, have none, and nothing is said of them.
  std::optional<Nanoseconds> found() const;

 private:
  static constexpr std::size_t kEnough = 20;

  std::vector<PowerSample> before_;
  std::optional<Nanoseconds> changed_;
  std::deque<Nanoseconds> gaps_;  // the last kEnough between changes
};

bool same_values(const std::vector<PowerSample>& a, const std::vector<PowerSample>& b);

}  // namespace pw
