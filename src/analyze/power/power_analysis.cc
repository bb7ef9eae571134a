// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/power/power_analysis.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "analyze/power/doubts.h"
#include "analyze/power/energy.h"
#include "base/text.h"
#include "model/main_channel.h"

namespace pw {
namespace {

bool has_variants(const Recording& recording) { return recording.experiment.variants.size() > 1; }

std::vector<EnergyRow> rows_of(const std::vector<EnergyRow>& all, int variant) {
  std::vector<EnergyRow> rows;
  std::ranges::copy_if(all, std::back_inserter(rows),
                       [&](const EnergyRow& row) { return row.variant == variant; });
  return rows;
}

}  // namespace

// The curves of channels that are to be compared are kept; those of all others are gone as soon as they are
// used.
PowerOfVariants::PowerOfVariants(const Recording& whole, std::size_t line_parts)
    : whole_(whole), pairs_(comparable_channels(whole)) {
  std::set<std::size_t> wanted;
  for (const auto& [first, second] : pairs_) wanted.insert({first, second});
  common_.reserve(whole.channels.size());
  for (std::size_t i = 0; i < whole.channels.size(); ++i) {
    ChannelCurves curves(whole, i);
    add_channel(i, curves, line_parts);
    if (wanted.contains(i)) curves_.emplace(i, std::move(curves));
  }
  const auto machine = whole_machine(whole);
  const auto per_cpu = machine ? watts_per_cpu(whole, common_[*machine].energy) : std::nullopt;
  for (std::size_t i = 0; i < whole.sources.size(); ++i) samplers_.push_back(sampler_cost(whole, i, per_cpu));
}

// A total over a run is of one variant only where there is no other, and nothing else in it.
void PowerOfVariants::add_channel(std::size_t channel, ChannelCurves& curves, std::size_t line_parts) {
  ChannelAnalysis& one = common_.emplace_back();
  if (!whole_.windows.empty()) one.lag = sensor_lag(whole_, curves.watts());
  use_lag(curves.own, whole_.channels[channel].kind, one.lag);
  one.idle = idle_levels(whole_, curves.watts());
  one.energy = energy_rows(whole_, {channel, curves.own, one.idle});
  const bool spreads = curves.own.smear.value > 0;  // the executions over each other
  const bool alone = !has_variants(whole_) && whole_.interludes.empty();
  totals_.push_back(spreads && alone ? run_total(whole_, curves.own, one.idle) : std::nullopt);
  one.doubts = doubts_of(curves.watts(), one.idle);
  if (line_parts > 0) one.line = power_line(whole_, channel, curves.watts(), line_parts);
}

PowerAnalysis PowerOfVariants::of(const Recording& view, int variant) {
  PowerAnalysis power;
  const bool several = has_variants(whole_);
  power.channels.reserve(common_.size());
  for (std::size_t i = 0; i < common_.size(); ++i) {
    ChannelAnalysis& one = power.channels.emplace_back();
    if (several) {
      one.idle = common_[i].idle, one.lag = common_[i].lag, one.doubts = common_[i].doubts;
      one.line = common_[i].line;
      one.energy = rows_of(common_[i].energy, variant);
    } else {
      one = std::move(common_[i]);
    }
    one.values = channel_values(view, one.energy, totals_[i]);
    one.validity = validity(view, {i, whole_.samples, one.idle, one.energy});
  }
  const auto side = [&](std::size_t i) {
    return CheckedChannel{i, power.channels[i].energy, power.channels[i].idle, curves_.at(i).watts()};
  };
  for (const auto& [first, second] : pairs_)
    power.cross_checks.push_back(cross_check(view, side(first), side(second)));
  power.samplers = samplers_;
  return power;
}

PowerAnalysis analyze_power(const Recording& recording, std::size_t line_parts) {
  return PowerOfVariants(recording, line_parts).of(recording, 0);
}

std::string why_no_power(const Recording& recording) {
  std::vector<std::string> refusals;
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::refusal) refusals.push_back(note.text);
  return refusals.empty() ? "not asked for (--power none)" : join(refusals, "; ");
}

}  // namespace pw
