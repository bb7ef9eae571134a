// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyze/series.h"

namespace pw {

struct NamedSeries {
  std::string name;  // "elapsed", or an event's label
  std::string unit;  // "s", or "" for a count
  Series series;
  bool effect = true;  // false: context switches, faults and the like, which explain others
};

// Elapsed time, then every event that has values. Nanoseconds have become seconds.
std::vector<NamedSeries> named_series(const Recording& recording);

}  // namespace pw
