// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "analyze/attribution/least_squares.h"
#include "analyze/attribution/region_energy.h"

namespace pw {
namespace {

constexpr std::size_t kMostRegions = 100, kMostReadings = 20'000, kLeastReadings = 200;
constexpr int kSteps = 10;  // of each of the searches, which halve what is left several times

double left_at(std::span<const EnergyReading> readings, std::span<const RegionStretch> stretches,
               const Columns& columns, Seconds lag) {
  std::vector<EnergyReading> earlier(readings.begin(), readings.end());
  for (EnergyReading& one : earlier) one.time = one.time - lag;
  return residual_of(pieces_of(earlier, stretches), columns);
}

}  // namespace

std::optional<Seconds> lag_behind_regions(std::span<const EnergyReading> readings,
                                          std::span<const RegionStretch> stretches, std::size_t regions,
                                          Seconds most) {
  if (regions == 0 || regions > kMostRegions || readings.size() < std::max(kLeastReadings, 4 * regions))
    return std::nullopt;
  readings = readings.first(std::min(readings.size(), kMostReadings));
  Columns columns;
  for (std::size_t i = 0; i < regions; ++i) columns.of_region.push_back(static_cast<int>(i));
  columns.count = static_cast<int>(regions) + 1;
  double low = 0, high = most.value, best = 0;
  while (high - low > most.value / 1000) {
    double least = INFINITY;
    const double step = (high - low) / kSteps;
    for (int i = 0; i <= kSteps; ++i) {
      const double left = left_at(readings, stretches, columns, {low + i * step});
      if (left < least) least = left, best = low + i * step;
    }
    low = std::max(0.0, best - step);
    high = std::min(most.value, best + step);
  }
  return Seconds{best};
}

}  // namespace pw
