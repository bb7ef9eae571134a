// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/server_bins.h"

#include <algorithm>

namespace pw {
namespace {

constexpr std::int64_t kLongestSilence = 5;  // of a feed, in samples

}  // namespace

void ServerBins::take(HmcFeed feed, const HmcSample& sample) {
  auto& latest = latest_[static_cast<std::size_t>(feed)];
  if (latest && sample.stamp <= *latest) return;
  latest = sample.stamp;
  const std::int64_t key = (sample.stamp + sample.seconds / 2) / sample.seconds;
  if (given_ && key <= *given_) return;
  const auto [at, is_new] = parts_.try_emplace(key);
  Part& part = at->second;
  if (is_new) part.stamp = sample.stamp, part.seconds = sample.seconds;
  switch (feed) {
    case HmcFeed::energy:
      if (sample.whole) part.bin.watts = sample.watts;
      break;
    case HmcFeed::server:
      part.bin.partitions = sample.utilized;
      part.bin.virtual_io = sample.virtual_io;
      part.bin.firmware = sample.firmware;
      part.bin.total = sample.total;
      break;
    case HmcFeed::partition:
      part.bin.ours = sample.partition;
      break;
  }
}

bool ServerBins::complete(const Part& part) const {
  const std::int64_t newest = *std::ranges::max(latest_);
  if (newest - part.stamp >= kLongestSilence * part.seconds) return true;
  return std::ranges::all_of(latest_, [&](const auto& latest) {
    const bool wanted = with_partition_ || &latest != &latest_[static_cast<std::size_t>(HmcFeed::partition)];
    return !wanted || (latest && *latest + part.seconds / 2 >= part.stamp);
  });
}

std::vector<ServerBin> ServerBins::ready(const HmcClock& clock, bool all) {
  std::vector<ServerBin> bins;
  if (!clock.known()) return bins;
  while (!parts_.empty() && (all || complete(parts_.begin()->second))) {
    Part& part = parts_.begin()->second;
    part.bin.begin = clock.at(part.stamp - part.seconds);
    part.bin.end = clock.at(part.stamp);
    // Of before this machine was started: its clock has no such time.
    const bool told = part.bin.watts || part.bin.ours || part.bin.partitions || part.bin.virtual_io ||
                      part.bin.firmware || part.bin.total;
    if (part.bin.begin.value >= 0 && told) bins.push_back(part.bin);
    given_ = parts_.begin()->first;
    parts_.erase(parts_.begin());
  }
  return bins;
}

}  // namespace pw
