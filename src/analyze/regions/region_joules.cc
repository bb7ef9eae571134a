// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_joules.h"

#include <algorithm>
#include <cmath>

#include "analyze/attribution/region_energy.h"
#include "analyze/regions/stretches.h"
#include "analyze/series/series.h"
#include "model/main_channel.h"

namespace pw {
namespace {

constexpr std::size_t kMostChannels = 8;
constexpr double kLagPeriods = 2;  // that a sensor may lag by, of those in which it renews

// All that an execution marked ended before is known.
Nanoseconds known_until(const Execution& execution) {
  Nanoseconds until = execution.end;
  for (const RegionThread& thread : execution.regions->threads)
    until = std::min(until, thread.complete_until.value_or(until));
  return until;
}

struct Observed {
  std::vector<EnergyReading> readings;
  std::vector<RegionStretch> stretches;
};

// The energy since the first point: of joules as they are, of watts their sum.
class Adding {
 public:
  explicit Adding(ChannelKind kind) : joules_(kind == ChannelKind::accumulating) {}
  EnergyReading next(const CurvePoint& point, bool first, Seconds period) {
    const Seconds step = point.time - last_.time;
    sum_ += first ? 0 : (point.value + last_.value) / 2 * step.value;
    last_ = point;
    return {point.time,
            {joules_ ? point.value : sum_},
            first || point.broken || (!joules_ && step.value > kGapPeriods * period.value)};
  }

 private:
  bool joules_;
  double sum_ = 0;
  CurvePoint last_;
};

void observe(Observed& observed, const Recording& recording, const Execution& execution, const Curve& curve,
             ChannelKind kind) {
  const Nanoseconds end = known_until(execution);
  const auto more = stretches_of(*execution.regions, recording.start, end);
  observed.stretches.insert(observed.stretches.end(), more.begin(), more.end());
  const Seconds from = to_seconds(execution.begin - recording.start), to = to_seconds(end - recording.start);
  Adding adding(kind);
  bool first = true;
  for (const CurvePoint& point : around(curve, from + curve.lag, to + curve.lag)) {
    CurvePoint moved = point;
    moved.time = point.time - curve.lag;
    if (moved.time < from || moved.time > to) continue;
    observed.readings.push_back(adding.next(moved, first, curve.period));
    first = false;
  }
}

Observed observe(const Recording& recording, const Curve& curve, ChannelKind kind) {
  Observed observed;
  for (const Execution* execution : counted_executions(recording))
    if (execution->regions) observe(observed, recording, *execution, curve, kind);
  std::ranges::stable_sort(observed.stretches, {}, [](const RegionStretch& one) { return one.begin.value; });
  return observed;
}

std::optional<Seconds> move_by_lag(Observed& observed, std::size_t regions, const Curve& curve) {
  const Seconds most{kLagPeriods * std::max(curve.period.value, curve.renews.value)};
  const auto lag = lag_behind_regions(observed.readings, observed.stretches, regions, most);
  for (EnergyReading& one : observed.readings) one.time = one.time - lag.value_or(Seconds{});
  return lag;
}

std::vector<int> parents_of(const Recording& recording) {
  std::vector<int> parents;
  for (const Region& region : recording.regions) parents.push_back(region.parent);
  return parents;
}

// The idle power belongs to the time in which regions ran, not to each thread's.
double idle_share(const EnergyOfRegions& energy, const Observed& observed) {
  double threads = 0, all = 0;
  for (const RegionEnergy& one : energy.regions) threads += one.time.value;
  for (std::size_t i = 1; i < observed.readings.size(); ++i)
    if (!observed.readings[i].broken)
      all += std::max((observed.readings[i].time - observed.readings[i - 1].time).value, 0.0);
  return threads > 0 ? std::clamp((all - energy.rest.time.value) / threads, 0.0, 1.0) : 0;
}

RegionJoules joules_of(const RegionEnergy& energy, std::optional<Watts> idle,
                       std::optional<Watts> idle_uncertainty, double share) {
  RegionJoules one;
  one.merged = energy.merged;
  one.reason = energy.reason;
  one.gross = energy.power;
  if (!energy.power) return one;
  one.uncertainty = {energy.power->value * energy.uncertainty.value / energy.energy->value};
  if (!idle) return one;
  one.net = Watts{energy.power->value - share * idle->value};
  one.net_uncertainty =
      Watts{std::hypot(one.uncertainty.value, share * idle_uncertainty.value_or(Watts{}).value)};
  return one;
}

}  // namespace

std::string_view to_text(EnergyHow how) {
  return how == EnergyHow::regressed ? "regressed" : "not-resolvable";
}

ChannelRegions region_joules(const Recording& recording, std::size_t channel, const Curve& own,
                             const IdleLevels& idle) {
  ChannelRegions out;
  out.channel = channel;
  Observed observed = observe(recording, own, recording.channels[channel].kind);
  if (observed.readings.size() < 2) {
    out.regions.resize(recording.regions.size());
    out.reason = "the sensor was not read while a test ran";
    return out;
  }
  out.lag = move_by_lag(observed, recording.regions.size(), own);
  const auto energy = energy_of_regions(observed.readings, observed.stretches, parents_of(recording));
  const double share = idle_share(energy, observed);
  const Seconds middle{(observed.readings.front().time.value + observed.readings.back().time.value) / 2};
  for (const RegionEnergy& one : energy.with_inner)
    out.regions.push_back(joules_of(one, idle.at(middle), idle.uncertainty(), share));
  out.whole = energy.whole;
  out.outside = energy.rest.energy.value_or(Joules{});
  out.untold = energy.unresolved;
  out.told = {out.whole.value - out.outside.value - out.untold.value};
  out.readings = energy.readings;
  return out;
}

std::vector<ChannelRegions> region_joules(const Recording& recording, const PowerAnalysis& power) {
  std::vector<ChannelRegions> all;
  if (recording.regions.empty()) return all;
  std::vector<std::size_t> channels;
  if (const auto first = main_channel(recording)) channels.push_back(*first);
  for (std::size_t i = 0; i < recording.channels.size(); ++i)
    if (recording.channels[i].kind == ChannelKind::accumulating && i != main_channel(recording))
      channels.push_back(i);
  channels.resize(std::min(channels.size(), kMostChannels));
  for (const std::size_t channel : channels)
    all.push_back(
        region_joules(recording, channel, curve_of(recording, channel), power.channels[channel].idle));
  return all;
}

std::string why_no_net(const ChannelRegions& channel, const RegionJoules& region) {
  if (region.net) return "";
  if (region.gross) return "the idle power is not known";
  if (!region.reason.empty()) return region.reason;
  return channel.reason.empty() ? "it did not run between two readings of the sensor" : channel.reason;
}

const ChannelRegions* told_channel(const std::vector<ChannelRegions>& all) {
  const auto first = std::ranges::find_if(all, [](const ChannelRegions& one) {
    return std::ranges::any_of(one.regions,
                               [](const RegionJoules& region) { return region.gross.has_value(); });
  });
  return first == all.end() ? nullptr : &*first;
}

}  // namespace pw
