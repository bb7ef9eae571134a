// SPDX-License-Identifier: GPL-3.0-or-later
// Power and energy of a recording, each curve built once. Formulas: docs/method.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyze/power/channel_values.h"
#include "analyze/power/crosscheck.h"
#include "analyze/power/curve.h"
#include "analyze/power/energy_row.h"
#include "analyze/power/idle.h"
#include "analyze/power/lag.h"
#include "analyze/power/power_line.h"
#include "analyze/power/run_total.h"
#include "analyze/power/sampler_cost.h"
#include "analyze/power/validity.h"
#include "model/recording.h"

namespace pw {

struct ChannelAnalysis {
  IdleLevels idle;
  std::optional<SensorLag> lag;   // nothing: the tests' steps do not stand out
  std::vector<EnergyRow> energy;  // one per execution of a test; failed ones too
  ChannelValues values;
  Validity validity;
  std::vector<std::string> doubts;  // sentences
  PowerLine line;                   // where it was asked for
};

struct PowerAnalysis {
  std::vector<ChannelAnalysis> channels;  // by index of Recording::channels
  std::vector<SamplerCost> samplers;      // by index of Recording::sources
  std::vector<CrossCheck> cross_checks;   // in the order of comparable_channels()
};

// Of a recording whose variants share their sensors: each curve is built once, of the whole. A line of power
// over time is of all of it, too.
class PowerOfVariants {
 public:
  // `line_parts`: with each channel's line, of at most so many; 0: without. `whole` must outlive this.
  explicit PowerOfVariants(const Recording& whole, std::size_t line_parts = 0);

  // `view`: VariantViews::of(variant). Without variants, the whole; then it can be asked for once.
  PowerAnalysis of(const Recording& view, int variant);

 private:
  void add_channel(std::size_t channel, ChannelCurves& curves, std::size_t line_parts);

  const Recording& whole_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;  // of channels that are compared
  std::map<std::size_t, ChannelCurves> curves_;             // of those
  std::vector<ChannelAnalysis> common_;                     // by channel; energy of all variants
  std::vector<std::optional<RunTotal>> totals_;             // likewise
  std::vector<SamplerCost> samplers_;
};

// Of a recording without variants.
PowerAnalysis analyze_power(const Recording& recording, std::size_t line_parts = 0);

// Of a recording without a source: what was refused, or that none was asked for.
std::string why_no_power(const Recording& recording);

}  // namespace pw
