// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/power.h"

#include <algorithm>
#include <cmath>

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<ChannelKind, 2> kKinds = {
    {{ChannelKind::instantaneous, "instantaneous"}, {ChannelKind::accumulating, "accumulating"}}};
constexpr Names<SampleStatus, 8> kSampleStatuses = {{{SampleStatus::ok, "ok"},
                                                     {SampleStatus::inactive, "inactive"},
                                                     {SampleStatus::busy, "busy"},
                                                     {SampleStatus::timeout, "timeout"},
                                                     {SampleStatus::session_lost, "session-lost"},
                                                     {SampleStatus::error, "error"},
                                                     {SampleStatus::reset, "reset"},
                                                     {SampleStatus::no_value, "no-value"}}};

}  // namespace

std::string_view to_text(ChannelKind kind) { return name_in(kKinds, kind); }
std::optional<ChannelKind> channel_kind(std::string_view text) { return value_in(kKinds, text); }
std::string_view to_text(SampleStatus status) { return name_in(kSampleStatuses, status); }

std::string shown_name(const PowerSource& source) {
  return source.simulated ? source.name + " (simulated)" : source.name;
}

std::optional<std::int64_t> stored_microwatts(const PowerSample& sample, float watts) {
  if (sample.readings == 1 || !std::isfinite(watts)) return std::nullopt;
  return std::llround(std::clamp(1e6 * static_cast<double>(watts), -1e15, 1e15));
}

float watts_of_microwatts(std::int64_t microwatts) {
  return static_cast<float>(1e-6 * static_cast<double>(microwatts));
}

std::string left_out_note(const PowerSource& source) {
  return source.name.substr(0, source.name.find('#')) + " " + source.address + ": ";
}

}  // namespace pw
