// SPDX-License-Identifier: GPL-3.0-or-later
// A chart with one bar per test, their mean and its 95 % interval.
#pragma once

#include <string>

#include "analyze/series/measurand.h"
#include "model/recording.h"
#include "report/figures/figure.h"

namespace pw {

struct Bars {
  std::string name, title, subtitle;
  const Measurand& measured;  // that has a value
};

Figure bar_figure(const Recording& recording, const Bars& bars);

}  // namespace pw
