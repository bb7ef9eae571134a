// SPDX-License-Identifier: GPL-3.0-or-later
// The input power that IBM's power supplies average over 30 s each, and an eBMC keeps for an hour:
// Oem.IBM.InputPowerHistoryItems of PowerSupplies/.../Metrics (ibm-openbmc/bmcweb#328, #677). Likewise an
// AC922's OpenBMC: data.Values, [[ms, W], ...], behind /org/open_power (openbmc/openbmc#1734).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "power/http/date.h"
#include "power/http/service_clock.h"
#include "power/reader/bins.h"
#include "power/redfish/json.h"

namespace pw {

inline constexpr Nanoseconds kHistoryBin{30'000'000'000};

struct HistoryItem {
  ToldTime date;  // when the BMC read it from the supply: the end of the 30 s, or a little later
  std::optional<Watts> average;
  float maximum = 0;  // W; 0: not told
};

// Whether that supply has a history, though nothing may be in it yet.
bool has_input_history(const Json& metrics);

// Manager.DateTime.
std::optional<ToldTime> manager_time(const Json& manager);

// The oldest first. Items without a date are none; an average that cannot be is no average.
std::vector<HistoryItem> input_history(const Json& metrics);

// Makes bins out of the history of each power supply, and of all together.
class SupplyHistories {
 public:
  // What ended before `from` (CLOCK_MONOTONIC) is not looked at.
  SupplyHistories(std::size_t supplies, Nanoseconds from) : supplies_(supplies), from_(from) {}

  // The history of a supply as it is `now`: the bins that are new.
  std::vector<PowerBin> take(std::size_t supply, const std::vector<HistoryItem>& items,
                             const ServiceClock& clock, Nanoseconds now);

  // The bins of all together, of which nothing more can come, the oldest first. One that not every supply has
  // told when its next has come, or kLongestWait later, has no mean.
  std::vector<PowerBin> sums(Nanoseconds now);

  // What is in the histories now was stamped by another clock.
  void clock_was_set();

  // The end of the latest bin of that supply; nothing: it has told none.
  std::optional<Nanoseconds> latest(std::size_t supply) const { return supplies_[supply].latest; }

  static constexpr Nanoseconds kLongestWait{100'000'000'000};

 private:
  struct Supply {
    std::deque<PowerBin> waiting;  // for those of the others
    std::optional<Nanoseconds> latest;
    bool forget = false;   // its items now
    std::set<double> old;  // dates of items that are forgotten
  };
  static std::vector<PowerBin> forget(Supply& supply, const std::vector<HistoryItem>& items, Nanoseconds now);
  std::optional<Nanoseconds> first_end() const;
  bool may_be_told_still(Nanoseconds end, Nanoseconds now) const;
  PowerBin take_sum(Nanoseconds first);

  std::vector<Supply> supplies_;
  Nanoseconds from_;
  bool begun_ = false;  // there was a sum
};

}  // namespace pw
