// SPDX-License-Identifier: GPL-3.0-or-later
// The energy of regions out of a sensor that adds up joules and the times at which the regions ran:
// docs/method.md, "Energy of regions".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyze/attribution/energy_reading.h"
#include "base/units.h"

namespace pw {

struct RegionEnergy {
  Seconds time;                  // that the region ran between the readings
  std::optional<Joules> energy;  // of that time
  std::optional<Watts> power;
  Joules uncertainty{};     // half the width of the 95 % interval of `energy`
  std::vector<int> merged;  // regions that cannot be told apart from it: the energy is of all of them
  std::string reason;       // why there is no energy
};

struct EnergyOfRegions {
  // Of each region by itself, and with all that are within it. One that never ran between readings has a time
  // of 0 and no energy.
  std::vector<RegionEnergy> regions, with_inner;
  RegionEnergy rest;         // of the time in which no region ran
  Joules whole;              // between the readings: the sum of what all parts would have
  Joules unresolved;         // of `whole`: of the parts that have no energy
  std::size_t readings = 0;  // pieces between readings that were used
};

// Least squares of the energy between readings on the times that the regions ran there, under the condition
// that all parts are the whole; intervals by a bootstrap of blocks of time. `readings` and `stretches` in the
// order of time (of the begins). `parents`: of each region, below its own; -1: within none. Where the
// readings are too few for all regions, the deepest are taken together with what they are within.
EnergyOfRegions energy_of_regions(std::span<const EnergyReading> readings,
                                  std::span<const RegionStretch> stretches, std::span<const int> parents);

// How far the sensor lags behind the regions, from 0 to `most`: where least is left unexplained. Nothing
// where the regions or readings are too many or too few for that.
std::optional<Seconds> lag_behind_regions(std::span<const EnergyReading> readings,
                                          std::span<const RegionStretch> stretches, std::size_t regions,
                                          Seconds most);

}  // namespace pw
