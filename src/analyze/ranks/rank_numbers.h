// SPDX-License-Identifier: GPL-3.0-or-later
// What the ranks of a job are compared by.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analyze/series/series.h"
#include "model/recording.h"

namespace pw {

struct RankNumber {
  std::string name, unit;  // RankQuantity's
  bool effect = true;      // likewise
  int event = -1;          // index into Recording::events; -1: of none
  // Of a run that has ended; nothing where it has none.
  std::function<std::optional<double>(const RankRun&)> of = {};
};

// Wall time, CPU time, the events that ranks counted, max rss. They refer to the recording.
std::vector<RankNumber> rank_numbers(const Recording& recording);

// Nothing where the rank has not ended.
std::optional<double> value_of(const RankNumber& number, const RankRun& run);

// Over the tests, of each execution's most / mean and most: an execution of which some rank has no value has
// neither.
struct RankSeries {
  std::string name, unit;
  int event = -1;
  Series imbalance, most;
};
// Of what is no mere effect.
std::vector<RankSeries> rank_series(const Recording& recording);

}  // namespace pw
