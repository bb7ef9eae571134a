// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "model/power.h"

namespace pw {

// Makes one sample of the readings of power that a channel had in a period: it is stored once a period
// however often it is read, and what lies between is kept as their number, least, most and standard
// deviation.
class SubReadings {
 public:
  void add(const PowerSample& reading);

  // What was added since the last call, as of the time `middle`; nothing where nothing was. Readings that
  // failed are no part of it, and where all did it is the last of them.
  std::optional<PowerSample> take(Nanoseconds middle);

 private:
  std::optional<PowerSample> failed_, last_;
  int count_ = 0;
  double mean_ = 0, squares_ = 0;  // W; the sum of squares about the mean
  double least_ = 0, most_ = 0;    // W
  Nanoseconds read_;               // of all
};

}  // namespace pw
