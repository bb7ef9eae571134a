// SPDX-License-Identifier: GPL-3.0-or-later
// A quantity that has a value in each test, and what is said of it: what show prints and the exports hold.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/series/series.h"
#include "analyze/statistics/bootstrap.h"
#include "analyze/statistics/statistics.h"

namespace pw {

inline constexpr std::string_view kOk = "ok";
inline constexpr std::string_view kNoData = "no-data";

struct Measurand {
  std::string name;  // "elapsed", or an event's label
  std::string unit;  // "s", "J", ...; "" for a count
  Series series;
  std::optional<Statistics> value;  // over the tests; nothing: no test has one
  std::vector<std::size_t> odd;     // odd_values(series.values())
  double median_deviation = 0;
  std::optional<Interval> bootstrap;           // where it was asked for
  std::optional<double> per_item, per_second;  // of the mean
  std::string status{kOk};                     // of a count: CountStatus; of an energy: EnergyStatus
  std::string reason;                          // where there is no value
  bool effect = true;        // false: context switches, faults and the like, which explain others
  bool below_floor = false;  // a count that is not above what counting itself adds
};

// Its statistics are those of `series`.
Measurand measurand(std::string name, std::string unit, Series series);

// Where it has a value and there are items.
void add_per_item(Measurand& one, const std::optional<double>& items);

// Indices of outliers that are at least 1 % away from the median.
std::vector<std::size_t> odd_values(std::span<const double> values);

Measurand elapsed_time(const Recording& recording);
// Nanoseconds have become seconds.
Measurand event_count(const Recording& recording, int event);

}  // namespace pw
