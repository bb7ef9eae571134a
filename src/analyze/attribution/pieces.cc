// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/attribution/pieces.h"

#include <algorithm>

namespace pw {
namespace {

void add_time(Piece& piece, int region, double seconds) {
  const auto own = std::ranges::find(piece.times, region, &std::pair<int, double>::first);
  if (own == piece.times.end())
    piece.times.emplace_back(region, seconds);
  else
    own->second += seconds;
}

// Of the stretches, which are sorted by their begins, those that touch [begin, end].
void add_times(Piece& piece, std::span<const RegionStretch> stretches, Seconds begin, Seconds end) {
  Seconds covered = begin;
  double busy = 0;
  for (const RegionStretch& one : stretches) {
    if (one.begin >= end) break;
    const Seconds from = std::max(one.begin, begin), to = std::min(one.end, end);
    if (to <= from) continue;
    add_time(piece, one.region, (to - from).value);
    if (to > covered) busy += (to - std::max(from, covered)).value;
    covered = std::max(covered, to);
  }
  piece.rest = std::max(piece.seconds - busy, 0.0);
}

}  // namespace

std::vector<Piece> pieces_of(std::span<const EnergyReading> readings,
                             std::span<const RegionStretch> stretches) {
  std::vector<Piece> pieces;
  for (std::size_t i = 1; i < readings.size(); ++i) {
    const EnergyReading& left = readings[i - 1];
    const EnergyReading& right = readings[i];
    while (!stretches.empty() && stretches.front().end <= left.time) stretches = stretches.subspan(1);
    Piece piece{(right.time - left.time).value, (right.joules - left.joules).value, 0, {}};
    if (right.broken || !(piece.seconds > 0) || !(piece.joules >= 0)) continue;
    add_times(piece, stretches, left.time, right.time);
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace pw
