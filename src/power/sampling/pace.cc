// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/pace.h"

#include <algorithm>

#include "power/reader/limits.h"

namespace pw {
namespace {

constexpr std::int64_t kParts = 10;
constexpr Nanoseconds kLeastPart{1'000'000};

bool has(const PowerReader& reader, ChannelKind kind) {
  const std::vector<Channel> channels = reader.channels();
  return std::ranges::any_of(channels, [&](const Channel& channel) { return channel.kind == kind; });
}

}  // namespace

Pace pace_of(const PowerReader& reader, Nanoseconds period) {
  Pace pace;
  pace.random = has(reader, ChannelKind::instantaneous) && !reader.tells_by_itself();
  if (!reader.cheap()) return pace;
  if (pace.random)
    pace.parts = static_cast<int>(std::clamp<std::int64_t>(period.value / kLeastPart.value, 1, kParts));
  pace.at_edges = has(reader, ChannelKind::accumulating);
  return pace;
}

double rate_of(const PowerReader& reader) {
  const double rate_hz = reader.describe().rate_hz;
  const bool counts = reader.cheap() && has(reader, ChannelKind::accumulating);
  return counts ? std::max(rate_hz, kLeastCounterHz) : rate_hz;
}

}  // namespace pw
