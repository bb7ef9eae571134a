// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "analyze/attribution/energy_reading.h"

namespace pw {

// How long each region ran between two readings, and what energy that took.
struct Piece {
  double seconds = 0;
  double joules = 0;
  double rest = 0;                            // s in which no region ran
  std::vector<std::pair<int, double>> times;  // region and seconds, each region once
};

// In the order of time; without what is broken, has no length or goes back.
std::vector<Piece> pieces_of(std::span<const EnergyReading> readings,
                             std::span<const RegionStretch> stretches);

}  // namespace pw
