// SPDX-License-Identifier: GPL-3.0-or-later
// For tests and the fuzzer: the promises of load().
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "model/recording.h"

namespace pw::test {

inline bool within(int index, std::size_t size) {
  return index >= 0 && static_cast<std::size_t>(index) < size;
}

inline std::string broken_promise(const Execution& execution, const Recording& recording) {
  if (execution.end < execution.begin) return "an execution ends before it begins";
  if (execution.test < 0 || execution.pass < 1) return "a test or pass below its least";
  if (!within(execution.variant, std::max<std::size_t>(recording.experiment.variants.size(), 1)))
    return "an execution of no variant";
  if (execution.captures.size() != recording.experiment.captures.size()) return "captures missing";
  if (execution.regions) {
    const ExecutionRegions& regions = *execution.regions;
    const auto known = [&](const auto& one) {
      return within(one.thread, regions.threads.size()) && within(one.region, recording.regions.size());
    };
    for (const RegionTotal& one : regions.totals)
      if (!known(one) || one.own > one.total || one.calls < 0) return "a total of no region";
    for (const RegionCount& one : regions.counts)
      if (!within(one.total, regions.totals.size()) || !within(one.event, recording.events.size()) ||
          one.own > one.value || one.running > one.enabled ||
          one.reason >= static_cast<int>(regions.reasons.size()))
        return "a count of no total";
    for (const RegionOccurrence& one : regions.log)
      if (!known(one) || one.end < one.begin) return "an occurrence of no region";
  }
  for (const Reading& reading : execution.readings) {
    if (!within(reading.event, recording.events.size())) return "a reading of no event";
    if (const auto value = scaled_value(reading); value && !std::isfinite(*value)) return "an infinite count";
  }
  return "";
}

inline std::string broken_promise(const PowerSample& sample, const Recording& recording) {
  if (!within(sample.channel, recording.channels.size())) return "a sample of no channel";
  const Channel& channel = recording.channels[static_cast<std::size_t>(sample.channel)];
  const bool watts = channel.kind == ChannelKind::instantaneous;
  if (usable(sample) && !(watts ? sample.watts.has_value() : sample.joules.has_value()))
    return "a sample without its unit";
  return "";
}

// Which promise of load() `recording` breaks; "": none.
inline std::string broken_promise(const Recording& recording) {
  for (const Channel& channel : recording.channels) {
    if (!within(channel.source, recording.sources.size())) return "a channel of no source";
    if (!std::isfinite(channel.sample_error.value) || channel.sample_error.value < 0)
      return "an error that is none";
  }
  for (const Pass& pass : recording.passes)
    for (const int event : pass.events)
      if (!within(event, recording.events.size())) return "a pass with no event";
  for (const Event& event : recording.events)
    for (const int pass : event.passes)
      if (!within(pass - 1, recording.passes.size())) return "an event in no pass";
  for (const Execution& execution : recording.executions)
    if (const std::string broken = broken_promise(execution, recording); !broken.empty()) return broken;
  for (std::size_t i = 0; i < recording.regions.size(); ++i)
    if (recording.regions[i].parent >= static_cast<int>(i)) return "a region within a later one";
  std::map<int, Nanoseconds> last;
  for (const PowerSample& sample : recording.samples) {
    if (const std::string broken = broken_promise(sample, recording); !broken.empty()) return broken;
    if (sample.time < last[sample.channel]) return "samples out of order";
    last[sample.channel] = sample.time;
  }
  std::map<int, Nanoseconds> last_bin;
  for (const ServerBin& bin : recording.server_bins) {
    if (!within(bin.source, recording.sources.size())) return "a bin of no source";
    if (bin.end <= bin.begin) return "a bin that is empty";
    if (bin.begin < last_bin[bin.source]) return "bins out of order";
    last_bin[bin.source] = bin.begin;
  }
  for (const Variant& variant : recording.experiment.variants)
    if (variant.values.size() != recording.experiment.variants.front().values.size() ||
        variant.values.empty())
      return "variants with different values";
  for (const Interlude& one : recording.interludes)
    if (one.end < one.begin) return "an interlude ends before it begins";
  for (const Window& window : recording.windows)
    if (window.end < window.begin) return "a window ends before it begins";
  return "";
}

}  // namespace pw::test
