// SPDX-License-Identifier: GPL-3.0-or-later
// The machine's idle power, out of the windows before and after the tests. Formulas: docs/method.md.
#pragma once

#include <optional>

#include "analyze/power/curve.h"
#include "model/recording.h"

namespace pw {

struct IdleLevel {
  Watts level;
  Watts uncertainty;  // 95 %
  Seconds at;         // the middle of the samples' time, since the start of the recording
  int samples = 0;
};

struct IdleLevels {
  std::optional<IdleLevel> before, after;
  std::optional<double> drift() const;          // (after - before) / before
  std::optional<Watts> at(Seconds time) const;  // interpolated
  std::optional<Watts> uncertainty() const;     // 95 %, of at()
};

// Of the windows of `recording`, on a curve of watts.
IdleLevels idle_levels(const Recording& recording, const Curve& watts);

}  // namespace pw
