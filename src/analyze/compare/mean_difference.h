// SPDX-License-Identifier: GPL-3.0-or-later
// Student's and Welch's t of two samples.
#pragma once

#include <optional>
#include <span>

#include "analyze/statistics/bootstrap.h"

namespace pw {

struct MeanTest {
  double difference = 0;  // other - one, of the means
  double error = 0;       // its standard error
  double freedom = 0;     // degrees of freedom
  double deviation = 0;   // of a value, pooled
  bool welch = false;     // sizes and deviations are both apart

  double p() const;  // two-sided; 1 where there is no difference, 0 where there is one without any error
  Interval interval(double level) const;
  // With the standard deviation between sessions, known: twice its square is added.
  MeanTest among_sessions(double deviation) const;
};

// Of paired differences: whether their mean is 0. Nothing for fewer than two.
std::optional<MeanTest> one_mean_test(std::span<const double> differences);

// Welch's where sizes and deviations are both more than twice apart, else pooled. Nothing where there are
// fewer than two values on either side.
std::optional<MeanTest> mean_test(std::span<const double> one, std::span<const double> other);

}  // namespace pw
