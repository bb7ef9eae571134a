// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analyze/compare/comparison.h"

namespace pw {

// Of the ratios of one quantity in several comparisons.
struct GeometricMean {
  std::string quantity;
  double ratio = 1;
  std::size_t ratios = 0;  // how many it is of: comparisons in which the quantity has one
};

// Of the quantities named beforehand that have two ratios or more, in the order of the rows.
std::vector<GeometricMean> geometric_means(std::span<const Comparison> comparisons);

}  // namespace pw
