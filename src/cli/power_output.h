// SPDX-License-Identifier: GPL-3.0-or-later
// What `perfwatt power` prints while it watches.
#pragma once

#include <string>
#include <vector>

#include "analyze/power/power_stats.h"
#include "model/power.h"

namespace pw {

struct WatchedChannel {
  std::string source;  // as it is shown
  Channel channel;
  PowerStats stats;
  bool fresh = false;  // a reading came since the row before
  Joules told;         // the energy, and the watched time, of the rows before
  Seconds told_watched;
};

// A line per channel: now, mean, min, max, energy and a chart of the latest powers, at most `width` columns
// wide, min and max left out where they do not fit. Of more channels than `height` lines hold the first (0:
// any height).
std::vector<std::string> power_view(const std::vector<WatchedChannel>& channels, Seconds elapsed, int width,
                                    int height);

inline constexpr const char* kPowerColumns = "time_s,source,channel,watts,joules,status\n";

// A row per channel: UNIX time, the mean power since the row before (empty: unknown), the energy since the
// start, the status of the latest reading, or "no-reading" where none came since the row before.
std::string power_csv(std::vector<WatchedChannel>& channels, double unix_s);

// The same as JSON objects, one a line.
std::string power_jsonl(std::vector<WatchedChannel>& channels, double unix_s);

}  // namespace pw
