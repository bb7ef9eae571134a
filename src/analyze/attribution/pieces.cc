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

// Of stretches that are sorted by their begins, what of them is in [begin, end].
void add_times(Piece& piece, std::span<const RegionStretch> stretches, Seconds begin, Seconds end) {
  Seconds covered = begin;
  double busy = 0;
  for (const RegionStretch& one : stretches) {
    const Seconds from = std::max(one.begin, begin), to = std::min(one.end, end);
    if (to <= from) continue;
    add_time(piece, one.region, (to - from).value);
    if (to > covered) busy += (to - std::max(from, covered)).value;
    covered = std::max(covered, to);
  }
  piece.rest = std::max(piece.seconds - busy, 0.0);
}

// Those that have begun and not ended, as time goes on.
class Running {
 public:
  explicit Running(std::span<const RegionStretch> stretches) : left_(stretches) {}

  std::span<const RegionStretch> between(Seconds begin, Seconds end) {
    std::erase_if(now_, [&](const RegionStretch& one) { return one.end <= begin; });
    for (; !left_.empty() && left_.front().begin < end; left_ = left_.subspan(1))
      if (left_.front().end > begin) now_.push_back(left_.front());
    return now_;
  }

 private:
  std::span<const RegionStretch> left_;
  std::vector<RegionStretch> now_;
};

}  // namespace

std::vector<Piece> pieces_of(std::span<const EnergyReading> readings,
                             std::span<const RegionStretch> stretches) {
  std::vector<Piece> pieces;
  Running running(stretches);
  for (std::size_t i = 1; i < readings.size(); ++i) {
    const EnergyReading& left = readings[i - 1];
    const EnergyReading& right = readings[i];
    Piece piece{(right.time - left.time).value, (right.joules - left.joules).value, 0, {}};
    if (right.broken || !(piece.seconds > 0) || !(piece.joules >= 0)) continue;
    add_times(piece, running.between(left.time, right.time), left.time, right.time);
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace pw
