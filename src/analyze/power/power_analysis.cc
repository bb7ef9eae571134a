// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/power_analysis.h"

#include <map>
#include <set>
#include <span>
#include <utility>

#include "analyze/power/curve.h"
#include "analyze/power/doubts.h"
#include "analyze/power/energy.h"
#include "analyze/power/run_total.h"
#include "base/text.h"

namespace pw {
namespace {

// Curves of the channels that are still to be compared; those of all others are gone as soon as they are
// used.
class Compared {
 public:
  explicit Compared(const Recording& recording) : pairs_(comparable_channels(recording)) {
    for (const auto& [first, second] : pairs_) wanted_.insert({first, second});
  }

  void keep(std::size_t channel, ChannelCurves&& curves) {
    if (wanted_.contains(channel)) curves_.emplace(channel, std::move(curves));
  }

  std::vector<CrossCheck> check(const Recording& recording, const std::vector<ChannelAnalysis>& channels) {
    const auto side = [&](std::size_t i) {
      return CheckedChannel{i, channels[i].energy, channels[i].idle, curves_.at(i).watts()};
    };
    std::vector<CrossCheck> checks;
    for (const auto& [first, second] : pairs_)
      checks.push_back(cross_check(recording, side(first), side(second)));
    return checks;
  }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  std::set<std::size_t> wanted_;
  std::map<std::size_t, ChannelCurves> curves_;
};

ChannelAnalysis analyze_channel(const Recording& recording, const SamplesByChannel& samples,
                                std::size_t channel, ChannelCurves& curves) {
  ChannelAnalysis one;
  if (!recording.windows.empty()) one.lag = sensor_lag(recording, curves.watts());
  use_lag(curves.own, recording.channels[channel].kind, one.lag);
  one.idle = idle_levels(recording, curves.watts());
  one.energy = energy_rows(recording, {channel, curves.own, one.idle});
  const bool spreads = curves.own.smear.value > 0;  // the executions over each other
  one.values = channel_values(recording, one.energy,
                              spreads ? run_total(recording, curves.own, one.idle) : std::nullopt);
  one.doubts = doubts_of(curves.watts(), one.idle);
  one.validity = validity(recording, {channel, samples, one.idle, one.energy});
  return one;
}

}  // namespace

PowerAnalysis analyze_power(const Recording& recording, bool lines) {
  PowerAnalysis power;
  const SamplesByChannel samples(recording);
  Compared compared(recording);
  power.channels.reserve(recording.channels.size());
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    ChannelCurves curves(recording, samples, i);
    power.channels.push_back(analyze_channel(recording, samples, i, curves));
    if (lines) power.channels.back().line = power_line(recording, samples, i, curves.watts());
    compared.keep(i, std::move(curves));
  }
  power.cross_checks = compared.check(recording, power.channels);
  const auto whole = whole_machine(recording);
  const auto per_cpu = whole ? watts_per_cpu(recording, power.channels[*whole].energy) : std::nullopt;
  for (std::size_t i = 0; i < recording.sources.size(); ++i)
    power.samplers.push_back(sampler_cost(recording, samples, i, per_cpu));
  return power;
}

std::string why_no_power(const Recording& recording) {
  std::vector<std::string> refusals;
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::refusal) refusals.push_back(note.text);
  return refusals.empty() ? "not asked for (--power none)" : join(refusals, "; ");
}

}  // namespace pw
