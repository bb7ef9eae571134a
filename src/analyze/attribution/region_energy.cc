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

// The regions of each by what they are within.
class Tree {
 public:
  explicit Tree(std::span<const int> parents) : parents_(parents), inner_(parents.size()) {
    for (std::size_t i = 0; i < parents.size(); ++i) {
      depths_.push_back(parents[i] < 0 ? 0 : depths_[static_cast<std::size_t>(parents[i])] + 1);
      deepest_ = std::max(deepest_, depths_.back());
      for (int at = static_cast<int>(i); at >= 0; at = parents[static_cast<std::size_t>(at)])
        inner_[static_cast<std::size_t>(at)].push_back(static_cast<int>(i));
    }
  }

  std::size_t size() const { return parents_.size(); }
  int deepest() const { return deepest_; }
  // It and all within it.
  const std::vector<int>& with_inner(int region) const { return inner_[static_cast<std::size_t>(region)]; }
  // It, or that of the level that it is within.
  int at_level(int region, int level) const {
    while (depths_[static_cast<std::size_t>(region)] > level)
      region = parents_[static_cast<std::size_t>(region)];
    return region;
  }

 private:
  std::span<const int> parents_;
  std::vector<int> depths_;
  std::vector<std::vector<int>> inner_;
  int deepest_ = 0;
};

class Fit {
 public:
  Fit(std::vector<Piece> pieces, std::span<const int> parents)
      : pieces_(std::move(pieces)), tree_(parents), times_(parents.size(), 0.0) {
    for (const Piece& piece : pieces_) {
      for (const auto& [region, seconds] : piece.times) times_[static_cast<std::size_t>(region)] += seconds;
      rest_ += piece.rest;
      whole_ += piece.joules;
    }
    level_ = tree_.deepest() + 1;
    do {
      choose_columns(--level_);
      parts_ = std::max(parts_, columns_.count);
    } while (level_ > 0 && !enough());
  }

  EnergyOfRegions run() {
    if (enough()) {
      join_inseparable();
      powers_ = fit_powers(pieces_, columns_);
    }
    index_columns();
    EnergyOfRegions out;
    out.whole = {whole_};
    out.readings = pieces_.size();
    for (int region = 0; region < static_cast<int>(tree_.size()); ++region) {
      out.regions.push_back(alone(region));
      out.with_inner.push_back(with_inner(region));
    }
    out.rest = of_rest();
    out.unresolved = {whole_ - resolved(out)};
    return out;
  }

 private:
  bool enough() const {
    return pieces_.size() >= kPiecesPerColumn * static_cast<std::size_t>(columns_.count);
  }
  double time(int region) const { return times_[static_cast<std::size_t>(region)]; }
  int column(int region) const { return columns_.of_region[static_cast<std::size_t>(region)]; }

  // A column of each of the regions down to that level that ran most, with what is deeper within them; of
  // those that ran and have none, the one before the rest's.
  void choose_columns(int level) {
    const int all = static_cast<int>(tree_.size());
    std::vector<double> together(tree_.size(), 0.0);
    for (int i = 0; i < all; ++i) together[static_cast<std::size_t>(tree_.at_level(i, level))] += time(i);
    std::vector<int> order(tree_.size()), column_of(tree_.size(), -1);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](int i) { return together[static_cast<std::size_t>(i)]; });
    columns_ = {};
    for (const int region : order) {
      if (together[static_cast<std::size_t>(region)] <= 0) break;
      lumped_ = columns_.count == static_cast<int>(kMostColumns);
      column_of[static_cast<std::size_t>(region)] = lumped_ ? columns_.count - 1 : columns_.count++;
    }
    ++columns_.count;
    for (int i = 0; i < all; ++i)
      columns_.of_region.push_back(time(i) > 0 ? column_of[static_cast<std::size_t>(tree_.at_level(i, level))]
                                               : -1);
  }

  void join_inseparable() {
    std::vector<int> to(static_cast<std::size_t>(columns_.count));
    std::iota(to.begin(), to.end(), 0);
    for (const std::vector<int>& group : inseparable(pieces_, columns_))
      for (const int column : group) to[static_cast<std::size_t>(column)] = group.back();
    for (int& column : columns_.of_region)
      if (column >= 0) column = to[static_cast<std::size_t>(column)];
  }

  void index_columns() {
    regions_in_.resize(static_cast<std::size_t>(columns_.count));
    time_in_.resize(regions_in_.size());
    time_in_.back() = rest_;
    for (int i = 0; i < static_cast<int>(tree_.size()); ++i) {
      if (column(i) < 0) continue;
      regions_in_[static_cast<std::size_t>(column(i))].push_back(i);
      time_in_[static_cast<std::size_t>(column(i))] += time(i);
    }
  }

  const std::vector<int>& regions_in(int column) const {
    return regions_in_[static_cast<std::size_t>(column)];
  }
  double time_in(int column) const { return time_in_[static_cast<std::size_t>(column)]; }

  bool is_lumped(int column) const {
    return lumped_ && column == static_cast<int>(kMostColumns) - 1 && regions_in(column).size() > 1;
  }

  std::string too_few() const {
    return fmt::format("{} readings of the sensor are too few for {} parts", pieces_.size(), parts_);
  }

  // Of the regions of these columns together, which are those of `of`: `merged` where the columns have
  // others.
  RegionEnergy of_columns(const std::vector<int>& of, double seconds) const {
    RegionEnergy out;
    out.time = {seconds};
    if (seconds <= 0) return out;
    if (powers_.resampled.empty()) {
      out.reason = too_few();
      return out;
    }
    std::vector<int> columns;
    for (const int region : of)
      if (time(region) > 0 && std::ranges::find(columns, column(region)) == columns.end())
        columns.push_back(column(region));
    bool with_rest = false, first = true;
    for (const int column : columns) {
      with_rest = with_rest || (column == columns_.rest() && rest_ > 0);
      for (const int other : regions_in(column))
        if (std::ranges::find(of, other) == of.end()) {
          out.merged.push_back(other);
          first = first && of.size() == 1 && other > of.front();
        }
    }
    if (std::ranges::any_of(columns, [&](int column) { return is_lumped(column); }) && !out.merged.empty())
      out.reason = fmt::format("it ran {:.2g} s: too little beside {} others", seconds, kMostColumns - 1);
    else if (with_rest || (!out.merged.empty() && !first))
      out.reason = "it cannot be told apart from what always runs with it";
    else
      give_energy(out, columns);
    return out;
  }

  // What is deeper than the columns go is part of one that is not.
  bool is_deeper(int region) const { return tree_.at_level(region, level_) != region; }

  RegionEnergy alone(int region) const {
    const auto& inner = tree_.with_inner(region);
    const bool deeper = is_deeper(region) ||
                        std::ranges::any_of(inner, [&](int one) { return is_deeper(one) && time(one) > 0; });
    return deeper ? unknown(time(region)) : of_columns({region}, time(region));
  }

  RegionEnergy with_inner(int region) const {
    double seconds = 0;
    for (const int one : tree_.with_inner(region)) seconds += time(one);
    return is_deeper(region) ? unknown(seconds) : of_columns(tree_.with_inner(region), seconds);
  }

  RegionEnergy unknown(double seconds) const {
    RegionEnergy out;
    out.time = {seconds};
    if (seconds > 0) out.reason = too_few();
    return out;
  }

  RegionEnergy of_rest() const {
    RegionEnergy out;
    out.time = {rest_};
    if (rest_ <= 0) return out;
    out.merged = regions_in(columns_.rest());
    if (powers_.resampled.empty())
      out.reason = too_few();
    else
      give_energy(out, {columns_.rest()});
    return out;
  }

  double energy_of(const std::vector<double>& watts, const std::vector<int>& columns) const {
    double energy = 0;
    for (const int column : columns) energy += watts[static_cast<std::size_t>(column)] * time_in(column);
    return energy;
  }

  double deviation_of(const std::vector<int>& columns) const {
    double sum = 0, squares = 0;
    const double shift = energy_of(powers_.watts, columns);
    for (const std::vector<double>& watts : powers_.resampled) {
      const double off = energy_of(watts, columns) - shift;
      sum += off;
      squares += off * off;
    }
    const auto n = static_cast<double>(powers_.resampled.size());
    return std::sqrt(std::max(squares / n - sum / n * (sum / n), 0.0));
  }

  void give_energy(RegionEnergy& out, const std::vector<int>& columns) const {
    double seconds = 0;
    for (const int column : columns) seconds += time_in(column);
    const double energy = energy_of(powers_.watts, columns);
    const double half = student_t_975(powers_.blocks - 1) * deviation_of(columns);
    if (energy > 0 && half <= kWidest * energy) {
      out.energy = Joules{energy};
      out.power = Watts{energy / seconds};
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
  Tree tree_;
  std::vector<double> times_;  // s, by region
  double rest_ = 0, whole_ = 0;
  int level_ = 0;  // the deepest of which each region has a column
  int parts_ = 0;  // columns that all regions would need
  Columns columns_;
  std::vector<std::vector<int>> regions_in_;  // by column
  std::vector<double> time_in_;               // s, by column
  bool lumped_ = false;
  Powers powers_;
};

}  // namespace

EnergyOfRegions energy_of_regions(std::span<const EnergyReading> readings,
                                  std::span<const RegionStretch> stretches, std::span<const int> parents) {
  return Fit(pieces_of(readings, stretches), parents).run();
}

}  // namespace pw
