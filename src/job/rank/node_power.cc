// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/node_power.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "analyze/power/energy.h"
#include "analyze/power/idle.h"
#include "base/text.h"
#include "job/placement.h"
#include "os/clock.h"
#include "power/open/sources.h"

namespace pw {
namespace {

constexpr Nanoseconds kFirstReading{200'000'000}, kLastReading{20'000'000};
constexpr std::size_t kPackEvery = 4096;
constexpr std::chrono::milliseconds kLookAgain{2};

// On a network or in a log, and not each node's: perfwatt run alone reads it.
bool one_device(std::string_view address) {
  const std::size_t colon = address.find(':');
  return address.starts_with("csv:") ||
         (colon != std::string_view::npos && address.substr(colon).starts_with("://"));
}

void add_extremes(NodePower& power, const PowerSample& one) {
  if (!one.watts) return;
  const Watts least = one.readings > 1 ? Watts{one.least} : *one.watts;
  const Watts most = one.readings > 1 ? Watts{one.most} : *one.watts;
  power.least = std::min(power.least.value_or(least), least);
  power.most = std::max(power.most.value_or(most), most);
}

NodePower readings_of_channel(const Recording& read, std::size_t index) {
  const Channel& channel = read.channels[index];
  NodePower power;
  power.source = shown_name(source_of(read, channel));
  power.channel = channel.name;
  power.scope = channel.scope;
  const Execution& execution = read.executions.front();
  for (const PowerSample& sample : read.samples.of(index)) {
    if (!usable(sample) || sample.time < execution.begin || sample.time > execution.end) continue;
    ++power.readings;
    add_extremes(power, sample);
  }
  return power;
}

NodePower power_of_channel(const Recording& read, std::size_t index) {
  NodePower power = readings_of_channel(read, index);
  const ChannelCurves curves(read, index);
  const EnergyRow row = energy_rows(read, {index, curves.own, IdleLevels{}}).front();
  power.energy = row.gross, power.uncertainty = row.uncertainty, power.mean = row.mean;
  if (!row.gross) power.reason = row.reason.empty() ? std::string(to_text(row.status)) : row.reason;
  return power;
}

// A window after tests: what still falls or runs at its begin, as the launcher's own begin does, is left out.
NodePower idle_of_channel(const Recording& read, std::size_t index) {
  NodePower power = readings_of_channel(read, index);
  ChannelCurves curves(read, index);
  const Execution& all = read.executions.front();
  Recording idle;
  idle.start = read.start;
  idle.windows = {{false, all.begin, all.end}};
  const std::optional<IdleLevel> level = idle_levels(idle, curves.watts()).after;
  power.reason = level ? "" : "too few readings in the idle window";
  if (!level) return power;
  const Seconds lasted = to_seconds(all.end - all.begin);
  power.mean = level->level;
  power.energy = Joules{level->level.value * lasted.value};
  power.uncertainty = Joules{level->uncertainty.value * lasted.value};
  return power;
}

}  // namespace

NodePowerWatch::NodePowerWatch(const RankPower& power, const std::string& node) {
  if (node == power.run_node && host_name() == power.run_host) {
    note("", "perfwatt run reads it");
    without_.back().by_run = true;
    return;
  }
  open(power);
  if (!sampler_) return;
  read_.sources = sampler_->sources();
  read_.channels = sampler_->channels();
  read_.start = monotonic_now();
  sampler_->mark();
  wait_until_seen(read_.start, kFirstReading);
}

void NodePowerWatch::note(std::string source, std::string reason) {
  without_.push_back({});
  without_.back().source = std::move(source);
  without_.back().reason = std::move(reason);
}

void NodePowerWatch::open(const RankPower& power) {
  PowerRequest request{std::nullopt, power.rate_hz, "", false};
  std::vector<std::string> own;
  for (const std::string& address : power_addresses(power.sources))
    if (!one_device(address)) own.push_back(address);
  if (own.empty()) return note("", "its sources are single devices, which perfwatt run reads");
  if (!power.sources.empty()) request.sources = join(own, ",");
  Result<OpenedPower> opened = open_power(request);
  if (!opened) return note("", one_line(opened.error()));
  if (opened->readers.empty())
    return note(
        "", opened->refusals.empty() ? "no power source" : "no power source: " + opened->refusals.front());
  if (request.sources)
    for (std::string& refusal : opened->refusals) note("", std::move(refusal));
  sampler_ = std::make_unique<Sampler>(std::move(opened->readers));
}

void NodePowerWatch::begin(Nanoseconds now) {
  Execution execution;
  execution.test = execution.pass = 1;
  execution.begin = now;
  read_.executions.push_back(execution);
  if (sampler_) sampler_->mark();
}

void NodePowerWatch::take() {
  if (!sampler_) return;
  std::vector<PowerSample> more;
  sampler_->drain(more);
  for (const PowerSample& sample : more) read_.samples.push_back(sample);
  if ((unpacked_ += more.size()) < kPackEvery) return;
  read_.samples.pack(read_.start);
  unpacked_ = 0;
}

// Whether every counter has told something since: its energy is known only between two readings.
bool NodePowerWatch::seen_after(Nanoseconds time) const {
  for (std::size_t i = 0; i < read_.channels.size(); ++i) {
    if (read_.channels[i].kind != ChannelKind::accumulating) continue;
    const ChannelSamples samples = read_.samples.of(i);
    if (samples.empty() || samples.back().time < time) return false;
  }
  return true;
}

void NodePowerWatch::wait_until_seen(Nanoseconds time, Nanoseconds most) {
  const Nanoseconds last = monotonic_now() + most;
  for (take(); !seen_after(time) && monotonic_now() < last; take()) std::this_thread::sleep_for(kLookAgain);
}

template <class Tell>
std::vector<NodePower> NodePowerWatch::told_until(Nanoseconds now, const Tell& tell) {
  if (!sampler_) return without_;
  sampler_->mark();
  wait_until_seen(now, kLastReading);
  read_.executions.front().end = now;
  std::vector<NodePower> all;
  for (std::size_t i = 0; i < read_.channels.size(); ++i) all.push_back(tell(read_, i));
  all.insert(all.end(), without_.begin(), without_.end());
  return all;
}

std::vector<NodePower> NodePowerWatch::until(Nanoseconds now) { return told_until(now, power_of_channel); }

std::vector<NodePower> NodePowerWatch::idle_until(Nanoseconds now) {
  return told_until(now, idle_of_channel);
}

}  // namespace pw
