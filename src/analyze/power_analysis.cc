// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power_analysis.h"

#include "analyze/crosscheck.h"
#include "analyze/energy.h"
#include "analyze/lag.h"
#include "analyze/sampler_cost.h"
#include "analyze/validity.h"

namespace pw {
namespace {

using Lags = std::vector<std::optional<SensorLag>>;

std::vector<ChannelLag> known_lags(const Recording& recording, const Lags& lags) {
  std::vector<ChannelLag> known;
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const Channel& channel = recording.channels[i];
    const auto& source = recording.sources[static_cast<std::size_t>(channel.source)];
    if (lags[i]) known.push_back({shown_name(source), channel.name, *lags[i]});
  }
  return known;
}

}  // namespace

std::vector<EnergyRow> analyze_energy(const Recording& recording) {
  return energy_rows(recording, sensor_lags(recording));
}

PowerAnalysis analyze_power(const Recording& recording) {
  PowerAnalysis analysis;
  const Lags lags = sensor_lags(recording);
  analysis.energy = energy_rows(recording, lags);
  analysis.lags = known_lags(recording, lags);
  analysis.cross_checks = cross_checks(recording, analysis.energy);
  analysis.validity = validity(recording, analysis.energy);
  analysis.samplers = sampler_costs(recording, analysis.energy);
  return analysis;
}

}  // namespace pw
