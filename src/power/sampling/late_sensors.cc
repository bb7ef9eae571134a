// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/late_sensors.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pw {
namespace {

constexpr int kLeastReadings = 4;    // that tell an idle level
constexpr std::size_t kLast = 3;     // readings that tell the load's
constexpr double kClear = 4;         // deviations of idle power that leave it
constexpr double kLeastShare = 0.1;  // of idle power, likewise
constexpr double kOnTime = 2;        // readings
constexpr Seconds kLongestUp{60};    // that a fall is waited for
// Bins that they are waited for: consoles take minutes at times. And where none has come yet.
constexpr double kLongestBins = 10, kLongestFirst = 4;
constexpr Seconds kSoon{1};

}  // namespace

LateSensors::LateSensors(const RecordingHeader& header) {
  for (const Channel& channel : header.channels)
    add(channel, header.sources[static_cast<std::size_t>(channel.source)]);
}

void LateSensors::add(const Channel& channel, const PowerSource& source) {
  sensors_.emplace_back();
  bins_.emplace_back();
  if (channel.kind == ChannelKind::instantaneous)
    sensors_.back() = Sensor{.name = channel.name,
                             .period = {1 / source.rate_hz},
                             .told = to_seconds(channel.averages + channel.refresh)};
  else if (channel.averages.value > 0)
    bins_.back() = Bins{channel.name, channel.averages};
}

void LateSensors::edge(Nanoseconds time) {
  end_ = time;
  for (auto& sensor : sensors_)
    if (sensor) sensor->renewal.edge(time);
}

void LateSensors::idle_was(Nanoseconds begin, Nanoseconds end) {
  phase_ = Phase::tests;
  for (auto& sensor : sensors_) {
    if (!sensor) continue;
    for (const auto& [time, watts] : std::exchange(sensor->before, {}))
      if (time >= begin && time <= end) add_idle(*sensor, watts);
  }
}

void LateSensors::tests_ended() { phase_ = Phase::idle_after; }

void LateSensors::add_idle(Sensor& sensor, double watts) {
  const double off = watts - sensor.idle;
  sensor.idle += off / ++sensor.readings;
  sensor.squares += off * (watts - sensor.idle);
}

// Nothing: it showed no load.
std::optional<double> LateSensors::half_way(const Sensor& sensor) {
  if (sensor.readings < kLeastReadings || sensor.last.empty()) return std::nullopt;
  std::vector<double> last = sensor.last;
  std::ranges::nth_element(last, last.begin() + static_cast<std::ptrdiff_t>(last.size() / 2));
  const double rise = last[last.size() / 2] - sensor.idle;
  const double deviation = std::sqrt(sensor.squares / (sensor.readings - 1));
  if (rise <= std::max(kClear * deviation, kLeastShare * sensor.idle)) return std::nullopt;
  return sensor.idle + rise / 2;
}

void LateSensors::read(std::span<const PowerSample> samples) {
  for (const PowerSample& sample : samples) {
    auto& sensor = sensors_[static_cast<std::size_t>(sample.channel)];
    if (auto& bins = bins_[static_cast<std::size_t>(sample.channel)]) bins->told = sample.time;
    if (!sensor) continue;
    sensor->renewal.read(sample);
    if (!sample.watts) continue;
    const double watts = sample.watts->value;
    if (phase_ == Phase::idle_before) {
      sensor->before.emplace_back(sample.time, watts);
    } else if (phase_ == Phase::tests || sample.time <= end_) {
      if (sensor->last.size() == kLast) sensor->last.erase(sensor->last.begin());
      sensor->last.push_back(watts);
    } else if (!sensor->half) {
      if (const auto half = half_way(*sensor); half && watts < *half) sensor->half = sample.time;
    }
  }
}

// A mean over W that is renewed every R is half way after W/2 + R/2, and all the way after twice that.
Seconds LateSensors::late(const Sensor& sensor, Nanoseconds now) const {
  const Seconds renewal = to_seconds(sensor.renewal.found().value_or(Nanoseconds{}));
  const Seconds known = std::max(sensor.told, renewal * 2);
  if (!half_way(sensor)) return known;
  if (sensor.half) return std::max(known, to_seconds(*sensor.half - end_) * 2);
  return std::max(known, std::min(to_seconds(now - end_), kLongestUp));
}

// A bin is understood beside the one behind it: until that has come.
std::optional<LateSensors::Late> LateSensors::latest_bins(Nanoseconds now) const {
  std::optional<Late> latest;
  for (const auto& bins : bins_) {
    if (!bins || (bins->told && *bins->told >= end_ + bins->length)) continue;
    const Seconds most = to_seconds(bins->length) * (bins->told ? kLongestBins : kLongestFirst);
    const Seconds by = std::min(to_seconds(now - end_) + kSoon, most);
    if (!latest || by > latest->by) latest = {bins->name, by, most};
  }
  return latest;
}

std::optional<LateSensors::Late> LateSensors::latest(Nanoseconds now) const {
  std::optional<Late> latest = latest_bins(now);
  for (const auto& sensor : sensors_) {
    if (!sensor) continue;
    const Seconds by = late(*sensor, now);
    if (by <= sensor->period * (2 * kOnTime) || (latest && by <= latest->by)) continue;
    latest = {sensor->name, by};
  }
  return latest;
}

}  // namespace pw
