// SPDX-License-Identifier: GPL-3.0-or-later
// What of a recording can be compared.
#pragma once

#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "analyze/compare/decide.h"
#include "analyze/series/series.h"
#include "model/recording.h"

namespace pw {

struct Explanation {
  const Recording* recording;
  const Analysis* analysis;
};

struct ComparableQuantity {
  std::string name, unit;  // as in SummaryRow
  Direction better = Direction::neither;
  bool of_execution = false;     // in proportion to the items of an execution
  bool first_hand = false;       // elapsed time, or an energy of the whole machine
  bool for_other_items = false;  // stands for the elapsed time where the items are not the same
  std::vector<TestValue> tests;
  double error = 0;      // relative, 95 %: what all tests have in common
  std::string identity;  // what stands behind the name: another is another quantity
  std::string why_none;  // where there is no value
};

inline constexpr const char* kRegionPrefix = "region/";  // of the time of a region: its path follows

inline constexpr const char* kRanksPrefix = "ranks/";  // of a job: a quantity and imbalance, or most, follow

// In the order in which they are shown.
std::vector<ComparableQuantity> quantities_of(const Explanation& one);

}  // namespace pw
