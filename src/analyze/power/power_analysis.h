// SPDX-License-Identifier: GPL-3.0-or-later
// Power and energy of a recording, each curve built once. Formulas: docs/method.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyze/power/channel_values.h"
#include "analyze/power/crosscheck.h"
#include "analyze/power/energy_row.h"
#include "analyze/power/idle.h"
#include "analyze/power/lag.h"
#include "analyze/power/power_line.h"
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

// `lines`: with what a picture shows of each channel.
PowerAnalysis analyze_power(const Recording& recording, bool lines = false);

// Of a recording without a source: what was refused, or that none was asked for.
std::string why_no_power(const Recording& recording);

}  // namespace pw
