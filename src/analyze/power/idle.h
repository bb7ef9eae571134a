// SPDX-License-Identifier: GPL-3.0-or-later
// The machine's idle power, out of the windows before and after the tests. Formulas: docs/method.md.
#pragma once

#include <optional>

#include "analyze/power/curve.h"
#include "analyze/power/settling.h"
#include "model/recording.h"

namespace pw {

struct IdleLevel {
  Watts level;
  Watts uncertainty;  // 95 %, with the sensor's step
  Seconds at;         // the middle of the samples' time, since the start of the recording
  int samples = 0;
  Watts noise = {};                       // 95 %, of the mean alone
  std::optional<Settling> settling = {};  // it still fell, to `level`
  bool correlated = false;                // over as long as it was watched
  int left_out = 0;                       // readings far above all of the executions, for a moment
  Watts left_out_most = {};
  Seconds watched = {};
  // How long the window would have had to be for the fall to be below the noise; nothing: it is long enough.
  std::optional<Seconds> longer() const;
};

// Of two values that one sensor rounds by up to a each, the difference is off by so many a in 95 %: 2 - √0.2.
inline constexpr double kTwoRoundings = 1.5528;

struct IdleLevels {
  std::optional<IdleLevel> before, after;
  std::optional<double> drift() const;          // (after - before) / before
  std::optional<Watts> at(Seconds time) const;  // interpolated
  std::optional<Watts> uncertainty() const;     // 95 %, of at(), but for the sensor's step
};

// Of the windows of `recording`, on a curve of watts.
IdleLevels idle_levels(const Recording& recording, const Curve& watts);

}  // namespace pw
