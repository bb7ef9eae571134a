// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/main_channel.h"

#include <algorithm>

namespace pw {
namespace {

constexpr std::size_t kFullChannels = 3;

}  // namespace

bool of_whole_machine(std::string_view scope) { return scope.starts_with(kWholeMachine); }

std::optional<std::size_t> whole_machine(const Recording& recording) {
  const auto found = std::ranges::find_if(recording.channels, of_whole_machine, &Channel::scope);
  if (found == recording.channels.end()) return std::nullopt;
  return static_cast<std::size_t>(found - recording.channels.begin());
}

std::optional<std::size_t> main_channel(const Recording& recording) {
  if (const auto whole = whole_machine(recording)) return whole;
  return recording.channels.empty() ? std::nullopt : std::optional<std::size_t>(0);
}

bool told_in_full(const Recording& recording, std::size_t channel) {
  if (recording.channels.size() <= kFullChannels) return true;
  return whole_machine(recording) ? of_whole_machine(recording.channels[channel].scope)
                                  : channel < kFullChannels;
}

std::string channel_prefix(const Recording& recording, std::size_t channel) {
  const Channel& one = recording.channels[channel];
  return shown_name(source_of(recording, one)) + "/" + one.name + "/";
}

}  // namespace pw
