// SPDX-License-Identifier: GPL-3.0-or-later
// Energy between two times out of a channel's curve. Formulas and their reasons: docs/method.md.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "analyze/power/curve.h"

namespace pw {

// How far readings are from what their neighbours, or the other readings of their period, make of them.
struct Roughness {
  int count = 0;
  double squares = 0;  // W²: the sum of the readings' variances
};

struct Integral {
  Joules energy;
  Joules uncertainty;  // 95 %
  Joules lasting;      // 95 %, part of `uncertainty`: what all tests have in common
  Watts peak;          // of watts only
  double coverage = 0;
  int inside = 0;  // readings within [begin, end]
  Joules ends;     // part of `lasting`: what the two ends leave open, for the sensor is late or spreads them
  // Parts of `uncertainty`, of watts only: what lies between the readings; `ends` and gaps.
  Joules sampling, edges;
};
using Integrated = tl::expected<Integral, std::string>;  // the error: why there is none

// Of the readings that show [begin, end].
Roughness roughness_within(const Curve& watts, Seconds begin, Seconds end);

// Of watts: the integral. `roughness`: of all executions that did the same. An error where no sample is
// inside nor within 3 periods of [begin, end].
Integrated integrate(const Curve& watts, Seconds begin, Seconds end, const Roughness& roughness);
Integrated integrate(const Curve& watts, Seconds begin, Seconds end);

// Of cumulative joules: the difference. An error where readings do not enclose [begin, end], went back, or
// the counter was reset in between.
Integrated difference(const Curve& joules, Seconds begin, Seconds end);

}  // namespace pw
