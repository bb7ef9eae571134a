// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power_analysis.h"

#include "analyze/crosscheck.h"
#include "analyze/energy.h"
#include "analyze/lag.h"
#include "analyze/sampler_cost.h"
#include "analyze/validity.h"

namespace pw {
namespace {

std::vector<ChannelLag> channel_lags(const Recording& recording) {
  std::vector<ChannelLag> lags;
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const Channel& channel = recording.channels[i];
    const auto& source = recording.sources[static_cast<std::size_t>(channel.source)];
    if (const auto lag = sensor_lag(recording, power_curve(recording, static_cast<int>(i))))
      lags.push_back({shown_name(source), channel.name, *lag});
  }
  return lags;
}

}  // namespace

PowerAnalysis analyze_power(const Recording& recording) {
  PowerAnalysis analysis;
  analysis.energy = energy_rows(recording);
  analysis.lags = channel_lags(recording);
  analysis.cross_checks = cross_checks(recording, analysis.energy);
  analysis.validity = validity(recording, analysis.energy);
  analysis.samplers = sampler_costs(recording, analysis.energy);
  return analysis;
}

}  // namespace pw
