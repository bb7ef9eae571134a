// SPDX-License-Identifier: GPL-3.0-or-later
// The powers of parts that ran in turns, by least squares of energies on times.
#pragma once

#include <cstddef>
#include <vector>

#include "analyze/attribution/pieces.h"

namespace pw {

// Which column a region's time counts in; the last column is the time of no region.
struct Columns {
  std::vector<int> of_region;
  int count = 0;
  int rest() const { return count - 1; }
};

struct Powers {
  std::vector<double> watts;  // by column
  std::vector<std::vector<double>>
      resampled;  // the same out of blocks of time drawn anew; empty: too few pieces
  int blocks = 0;
};

// Columns that cannot be told apart in these pieces, for they always run in the same proportion: groups of
// two or more.
std::vector<std::vector<int>> inseparable(const std::vector<Piece>& pieces, const Columns& columns);

// Whose sum over all pieces is their energy. Of columns that can be told apart.
Powers fit_powers(const std::vector<Piece>& pieces, const Columns& columns);

// The sum of the squares of what such powers leave unexplained, in J^2.
double residual_of(const std::vector<Piece>& pieces, const Columns& columns);

}  // namespace pw
