// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyze/statistics.h"
#include "model/recording.h"

namespace pw {

struct Metric {
  std::string name;
  std::string unit;  // "", "%", "GHz"
  std::optional<Statistics> value;
  std::vector<std::string> missing;  // the events that have no value
  std::string why;                   // why there is no value: "not-supported: ..."
  bool scaled = false;               // an input was multiplexed
  bool user_only = false;            // an input was counted in user mode only
};

// IPC, miss rates, stalls, CPUs used, GHz. A ratio of events of different passes is a ratio of counts per
// instruction, since instructions ride in every pass.
std::vector<Metric> metrics(const Recording& recording);

}  // namespace pw
