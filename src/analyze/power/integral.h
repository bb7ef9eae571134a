// SPDX-License-Identifier: GPL-3.0-or-later
// Energy between two times out of a channel's curve. Formulas and their reasons: docs/method.md.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "analyze/power/curve.h"

namespace pw {

struct Integral {
  Joules energy;
  Joules uncertainty;  // 95 %
  Watts peak;          // of watts only
  double coverage = 0;
  int inside = 0;  // samples within [begin, end]
};
using Integrated = tl::expected<Integral, std::string>;  // the error: why there is none

// Of watts: the integral. An error where no sample is inside nor within 3 periods of [begin, end].
Integrated integrate(const Curve& watts, Seconds begin, Seconds end);

// Of cumulative joules: the difference. An error where readings do not enclose [begin, end], went back, or
// the counter was reset in between.
Integrated difference(const Curve& joules, Seconds begin, Seconds end);

}  // namespace pw
