// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

namespace pw {

struct Interval {
  double low = 0;
  double high = 0;
};

// The 95 % interval of the mean by the bias-corrected and accelerated bootstrap (BCa) of 10,000 resamples:
// the same values in the same order give the same interval everywhere. Nothing for fewer than 3 values, and
// for more than 1000, where Student's t needs no help. Method and source: docs/method.md.
std::optional<Interval> bootstrap_interval(std::span<const double> values);

}  // namespace pw
