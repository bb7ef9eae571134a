// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/power.h"

namespace pw {

// Finds energy counters that stand still: a machine that runs draws power, so that a source whose counters
// all tell the same for long is frozen. Watts may stand still.
class Freeze {
 public:
  explicit Freeze(const std::vector<Channel>& channels);

  // Takes the values of a reading that are late, for they are no energy of 0; and makes the first reading
  // after a freeze a reset, for what the counters missed nobody knows. What is to be said of it; "" for
  // nothing.
  std::string check(std::vector<PowerSample>& reading);

 private:
  Nanoseconds late_, frozen_after_;
  std::vector<PowerSample> last_;  // when the values last changed
  bool frozen_ = false;
};

}  // namespace pw
