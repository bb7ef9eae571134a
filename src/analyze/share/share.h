// SPDX-License-Identifier: GPL-3.0-or-later
// A partition's share of its server's energy: a model, not a measurement. Formulas: docs/method.md, "A
// partition's share".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/power/channel_values.h"
#include "analyze/power/energy_row.h"
#include "analyze/series/series.h"
#include "analyze/share/price_fit.h"
#include "model/recording.h"

namespace pw {

// EnergyRow::channel of the rows.
inline constexpr std::string_view kPartitionChannel = "partition";

struct PartitionShare {
  std::size_t source = 0;  // index into Recording::sources
  std::optional<Price> price;
  int bins = 0, running = 0;      // that were used, and of them those in which the tests ran
  std::vector<EnergyRow> energy;  // `gross` is the proportional share, `net` the marginal one
  ChannelValues values;
  std::string reason;  // why there is none
};

// Of each source that tells of a server. `core_seconds` of an execution, where the partition itself knows
// them; else they are taken from the bins.
std::vector<PartitionShare> partition_shares(const Recording& recording, const ExecutionValue& core_seconds);

// What one variant took, of which `view` is: VariantViews::of(variant).
PartitionShare share_of_variant(const PartitionShare& all, const Recording& view, int variant);

}  // namespace pw
