// SPDX-License-Identifier: GPL-3.0-or-later
// The interval of the mean of values that follow each other and may be correlated.
#pragma once

#include <optional>
#include <span>

namespace pw {

struct BatchInterval {
  double half_width = 0;    // 95 %
  bool correlated = false;  // over as long as there are values: the mean of a longer stretch may be another
};

// The widest of Student's intervals from the means of 3, 4 and 6 batches of equal size; where neighbouring
// ones of 8 batches are alike, from those of 2, too. Nothing of fewer than 2 values. (Law, *Simulation
// Modeling and Analysis*, on batch means; which batches: docs/method.md, "Idle".)
std::optional<BatchInterval> batch_interval(std::span<const double> values);

}  // namespace pw
