// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/feeds.h"

#include <algorithm>
#include <iterator>

namespace pw {
namespace {

constexpr long kNoContent = 204;

std::string path_of(const HmcFound& found, HmcFeed feed, std::int64_t count) {
  std::string path = "/rest/api/pcm/ManagedSystem/" + found.system;
  if (feed == HmcFeed::partition) path += "/LogicalPartition/" + found.partition;
  path += "/ProcessedMetrics?";
  if (feed == HmcFeed::energy) path += "Type=Energy&";
  return path + "NoOfSamples=" + std::to_string(count);
}

}  // namespace

std::optional<std::vector<HmcSample>> latest_samples(HmcSession& session, const HmcFound& found, HmcFeed feed,
                                                     std::int64_t count) {
  std::vector<HmcSample> samples;
  const HttpAnswer answer = session.get(path_of(found, feed, count));
  if (answer.status == kNoContent) return samples;
  if (!answer.ok()) return std::nullopt;
  const auto paths = metrics_paths(answer.body);
  if (!paths) {
    session.found_wrong("an answer that is no feed");
    return std::nullopt;
  }
  for (const std::string& path : *paths) {
    const HttpAnswer metrics = session.get(path);
    if (metrics.status == kNoContent) continue;
    if (!metrics.ok()) return std::nullopt;
    auto more = hmc_samples(metrics.body, feed == HmcFeed::partition ? found.partition : "");
    if (!more) {
      session.found_wrong("metrics that are no JSON of systemUtil");
      return std::nullopt;
    }
    std::move(more->begin(), more->end(), std::back_inserter(samples));
  }
  std::ranges::stable_sort(samples, {}, &HmcSample::stamp);
  return samples;
}

}  // namespace pw
