// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "base/mean_interval.h"

namespace pw {

struct Statistics {
  int n = 0;
  double mean = 0;
  double median = 0;
  double deviation = 0;  // sample standard deviation, n - 1; 0 where n < 2
  double least = 0;
  double most = 0;
  std::optional<double> half_width;  // of the 95 % confidence interval of the mean; nothing where n < 2
};

// Nothing where there is no value.
std::optional<Statistics> statistics(std::span<const double> values);

inline std::optional<double> mean_of(const std::optional<Statistics>& of) {
  return of ? std::optional(of->mean) : std::nullopt;
}

// An end of the 95 % interval: `side` -1 or 1.
inline std::optional<double> edge_of(const std::optional<Statistics>& of, double side) {
  return of && of->half_width ? std::optional(of->mean + side * *of->half_width) : std::nullopt;
}

}  // namespace pw
