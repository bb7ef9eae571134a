// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/units.h"
#include "power/reader/power_reader.h"

namespace pw {

// How a source is read, by what its reader is.
struct Pace {
  // Power of the moment: at random moments, for readings in a rhythm of their own may always see the same
  // part of a load that has one. Counters miss nothing, and a meter has its own rhythm: at regular ones.
  bool random = false;
  int parts = 1;          // readings of power a period: ten where they are cheap, at most one a millisecond
  bool at_edges = false;  // its counters once more where an execution begins or ends
};

Pace pace_of(const PowerReader& reader, Nanoseconds period);

// How often it is read: as it says, but a counter that is cheap to read once a second at least, lest it goes
// around unseen (65 kJ at 1 kW last 65 s, at 30 kW two).
double rate_of(const PowerReader& reader);

}  // namespace pw
