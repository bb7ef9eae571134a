// SPDX-License-Identifier: GPL-3.0-or-later
// What the energy of regions is made of.
#pragma once

#include "base/units.h"

namespace pw {

// What a region itself ran, without the regions within. Those of one thread do not overlap.
struct RegionStretch {
  int region = 0;  // 0 <= it < the number of regions
  Seconds begin, end;
};

// A reading of the sensor, on the clock of the stretches.
struct EnergyReading {
  Seconds time;
  Joules joules;        // since any zero
  bool broken = false;  // what lies between the reading before and this one is unknown
};

}  // namespace pw
