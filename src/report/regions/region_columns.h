// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of `show --regions`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/regions/region_analysis.h"
#include "base/result.h"
#include "model/recording.h"

namespace pw {

enum class RegionQuantity {
  share,
  time,
  interval,
  own,
  corrected,
  calls,
  items,
  threads,
  imbalance,
  mean,
  p50,
  p99,
  flops,
  intensity,
  roof,
  bound,
  energy,
  energy_per_call,
  energy_per_item,
  event,
  metric
};
enum class EventPart { all, own, per_call, per_item, share };

struct RegionColumn {
  std::string title;
  RegionQuantity quantity = RegionQuantity::time;
  int event = -1;  // of RegionQuantity::event: index into Recording::events
  EventPart part = EventPart::all;
  std::string key = {};  // of RegionQuantity::metric
};

// share, time, 95%, own, calls, mean, p50, p99; flop/s, roof and energy, where they are told, in the place of
// p99, of p50, and of p50 and own.
std::vector<RegionColumn> usual_columns(const RegionAnalysis& regions);

// "time,calls,page-faults,own:cycles,cycles/call,cycles/item,cycles/share,ipc": the metrics are those of
// `regions`. Errors: Failure::input.
Result<std::vector<RegionColumn>> region_columns(const Recording& recording, const RegionAnalysis& regions,
                                                 std::string_view list);

// "" where the region has none; "-": it is unknown. "~" follows what has others' events in it, "*" what was
// counted a part of the time.
std::string cell_text(const Recording& recording, const RegionRow& row, const RegionColumn& column);

// Whether rows can be put in order by value_of() it.
bool is_ordered(const RegionColumn& column);

// By which rows are put in order; nothing where it is unknown.
std::optional<double> value_of(const RegionRow& row, const RegionColumn& column);

// Where the event or the metric of the column is.
const RegionEvent* event_in(const RegionRow& row, const RegionColumn& column);
const RegionMetric* metric_in(const RegionRow& row, const RegionColumn& column);

}  // namespace pw
