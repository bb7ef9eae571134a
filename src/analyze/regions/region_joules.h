// SPDX-License-Identifier: GPL-3.0-or-later
// The energy of regions on a channel, by the times at which they ran: docs/method.md, "Energy of regions".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/power/curve.h"
#include "analyze/power/idle.h"
#include "analyze/power/power_analysis.h"
#include "model/recording.h"

namespace pw {

enum class EnergyHow { regressed, not_resolvable };
std::string_view to_text(EnergyHow how);  // "regressed", "not-resolvable"

// Of a region with all that is within it. What is 95 % holds for the times alone: the sensor's own error
// comes on top.
struct RegionJoules {
  std::optional<Watts> gross;            // J of each second that a thread was in it
  Watts uncertainty{};                   // 95 %
  std::optional<Watts> net;              // without its share of the idle power
  std::optional<Watts> net_uncertainty;  // 95 %, with that of the idle level
  std::vector<int> merged;               // regions that cannot be told apart from it: of all of them together
  std::string reason;                    // why there is none; "" where it never ran while the sensor was read
  EnergyHow how() const { return gross ? EnergyHow::regressed : EnergyHow::not_resolvable; }
};

struct ChannelRegions {
  std::size_t channel = 0;
  std::vector<RegionJoules> regions;  // by index of Recording::regions
  // Between readings of the sensor within the tests: all of it = what the regions took by themselves + what
  // was outside of them + what cannot be told.
  Joules whole{}, told{}, outside{}, untold{};
  std::size_t readings = 0;
  std::optional<Seconds> lag;  // found by where the regions show
  std::string reason;          // why there is nothing of all this
};

// Of executions of tests that did not fail, as far as their log is in order.
ChannelRegions region_joules(const Recording& recording, std::size_t channel, const Curve& own,
                             const IdleLevels& idle);

// Of the main channel and of those that add up joules, in that order: the first eight. Nothing where no
// execution marked anything.
std::vector<ChannelRegions> region_joules(const Recording& recording, const PowerAnalysis& power);

// Why a region has no net energy; "": it has.
std::string why_no_net(const ChannelRegions& channel, const RegionJoules& region);

// The one that stands for them: the first that tells anything. Nothing: none does.
const ChannelRegions* told_channel(const std::vector<ChannelRegions>& all);

}  // namespace pw
