// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/attribution/region_energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analyze/attribution/least_squares.h"
#include "analyze/attribution/pieces.h"
#include "base/distributions.h"

namespace pw {
namespace {

constexpr std::size_t kMostColumns = 200;  // beside the rest; what ran least shares one
constexpr double kWidest = 0.5;            // of the energy: half the width of an interval that says something
constexpr std::size_t kPiecesPerColumn = 2;

class Fit {
 public:
  Fit(std::vector<Piece> pieces, std::size_t regions) : pieces_(std::move(pieces)), times_(regions, 0.0) {
    for (const Piece& piece : pieces_) {
      for (const auto& [region, seconds] : piece.times) times_[static_cast<std::size_t>(region)] += seconds;
      rest_ += piece.rest;
      whole_ += piece.joules;
    }
    choose_columns();
  }

  EnergyOfRegions run() {
    const bool enough = pieces_.size() >= kPiecesPerColumn * static_cast<std::size_t>(columns_.count);
    if (enough) {
      join_inseparable();
      powers_ = fit_powers(pieces_, columns_);
    }
    EnergyOfRegions out;
    out.whole = {whole_};
    out.readings = pieces_.size();
    for (std::size_t i = 0; i < times_.size(); ++i)
      out.regions.push_back(of_column(columns_.of_region[i], times_[i], static_cast<int>(i)));
    out.rest = of_column(columns_.rest(), rest_, -1);
    out.unresolved = {whole_ - resolved(out)};
    return out;
  }

 private:
  // A column of each of the regions that ran most; of those that ran and have none, the one before the
  // rest's.
  void choose_columns() {
    std::vector<int> order(times_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](int i) { return times_[static_cast<std::size_t>(i)]; });
    columns_.of_region.assign(times_.size(), -1);
    for (const int region : order) {
      if (times_[static_cast<std::size_t>(region)] <= 0) break;
      lumped_ = columns_.count == static_cast<int>(kMostColumns);
      columns_.of_region[static_cast<std::size_t>(region)] = lumped_ ? columns_.count - 1 : columns_.count++;
    }
    ++columns_.count;
  }

  void join_inseparable() {
    std::vector<int> to(static_cast<std::size_t>(columns_.count));
    std::iota(to.begin(), to.end(), 0);
    for (const std::vector<int>& group : inseparable(pieces_, columns_))
      for (const int column : group) to[static_cast<std::size_t>(column)] = group.back();
    for (std::size_t region = 0; region < times_.size(); ++region) {
      int& column = columns_.of_region[region];
      if (column >= 0) column = to[static_cast<std::size_t>(column)];
    }
  }

  std::vector<int> regions_in(int column) const {
    std::vector<int> all;
    for (std::size_t i = 0; i < times_.size(); ++i)
      if (columns_.of_region[i] == column) all.push_back(static_cast<int>(i));
    return all;
  }

  double time_in(int column) const {
    double seconds = column == columns_.rest() ? rest_ : 0;
    for (const int region : regions_in(column)) seconds += times_[static_cast<std::size_t>(region)];
    return seconds;
  }

  // `region`: -1 is the rest.
  RegionEnergy of_column(int column, double own_time, int region) const {
    RegionEnergy out;
    out.time = {own_time};
    if (own_time <= 0) return out;
    if (powers_.deviation.empty()) {
      out.reason =
          fmt::format("{} readings of the sensor are too few for {} parts", pieces_.size(), columns_.count);
      return out;
    }
    const std::vector<int> members = regions_in(column);
    for (const int other : members)
      if (other != region) out.merged.push_back(other);
    const bool first = region == (column == columns_.rest() && rest_ > 0 ? -1 : members.front());
    if (lumped_ && column == static_cast<int>(kMostColumns) - 1 && members.size() > 1)
      out.reason = fmt::format("it ran {:.2g} s: too little beside {} others", own_time, kMostColumns - 1);
    else if (!first)
      out.reason = "it cannot be told apart from what always runs with it";
    else
      give_energy(out, column);
    return out;
  }

  void give_energy(RegionEnergy& out, int column) const {
    const auto at = static_cast<std::size_t>(column);
    const double seconds = time_in(column), energy = powers_.watts[at] * seconds;
    const double half = student_t_975(powers_.blocks - 1) * powers_.deviation[at] * seconds;
    if (energy > 0 && half <= kWidest * energy) {
      out.energy = Joules{energy};
      out.power = Watts{powers_.watts[at]};
      out.uncertainty = {half};
      return;
    }
    const double times = energy > 0 ? std::pow(half / (kWidest * energy), 2) : INFINITY;
    out.reason =
        times < 1000
            ? fmt::format(
                  "its energy is {:.3g} J +- {:.2g} J: about {:.2g} times as many readings would tell",
                  energy, half, times)
            : fmt::format("the sensor does not tell it from the others: {:.2g} J +- {:.2g} J", energy, half);
  }

  static double resolved(const EnergyOfRegions& all) {
    double sum = all.rest.energy.value_or(Joules{}).value;
    for (const RegionEnergy& one : all.regions) sum += one.energy.value_or(Joules{}).value;
    return sum;
  }

  std::vector<Piece> pieces_;
  std::vector<double> times_;  // s, by region
  double rest_ = 0, whole_ = 0;
  Columns columns_;
  bool lumped_ = false;
  Powers powers_;
};

}  // namespace

EnergyOfRegions energy_of_regions(std::span<const EnergyReading> readings,
                                  std::span<const RegionStretch> stretches, std::size_t regions) {
  return Fit(pieces_of(readings, stretches), regions).run();
}

}  // namespace pw
