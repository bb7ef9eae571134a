// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/power.h"

namespace pw {

// Finds out that an energy counter stands still which should not. It should have risen where, by the least
// power that it ever told, ten steps have come together: one that tells nothing from the start never has to.
class Freeze {
 public:
  explicit Freeze(const Channel& channel);

  // The next reading, of a sensor that was found to renew its values that often. Appends it to `readings`, or
  // keeps it until more is known. Values that are late lose their value, for they are no energy of 0
  // (timeout); the first after a freeze, or after a silence that it does not make up for, is a reset. Returns
  // what is to be said, "" for nothing.
  std::string take(PowerSample sample, std::optional<Nanoseconds> renews, std::vector<PowerSample>& readings);

  // Whether the latest reading was late.
  bool late() const { return late_; }

  // What is still kept when sampling ends.
  void end(std::vector<PowerSample>& readings) { give(false, readings); }

 private:
  std::string still(PowerSample sample, Nanoseconds renewal, std::vector<PowerSample>& readings);
  std::string rose(PowerSample sample, std::vector<PowerSample>& readings);
  void learn(Nanoseconds gap, Joules rise);
  bool overdue(Nanoseconds length) const;
  void give(bool with_values, std::vector<PowerSample>& readings);

  Nanoseconds refresh_;
  double step_;  // joules; where no sensor told it the least rise so far, 0: unknown
  bool step_known_;
  std::optional<Joules> last_;
  std::optional<Nanoseconds> changed_;  // when the value last changed
  Nanoseconds longest_;                 // between changes
  std::optional<Watts> least_;          // mean power between two changes
  bool late_ = false, frozen_ = false;
  std::vector<PowerSample> kept_;  // unchanged, and nobody knows yet whether they are late
};

}  // namespace pw
