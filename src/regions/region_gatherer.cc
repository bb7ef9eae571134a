// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/region_gatherer.h"

#include <algorithm>
#include <memory>

#include "regions/losses.h"

namespace pw {
namespace {

constexpr std::size_t kMostOccurrences = 65'536;  // of an execution, in the recording
constexpr std::int64_t kMostCalls = std::int64_t{1} << 60;

}  // namespace

int RegionGatherer::id_of(int parent, const MarkedPath& path, std::vector<Region>& fresh) {
  const auto [found, added] =
      ids_.try_emplace({parent, path.name, path.ordinal}, static_cast<int>(ids_.size()));
  if (added) fresh.push_back({parent, path.name, path.ordinal, kMarksCollector});
  return found->second;
}

void RegionGatherer::add(const MarkedThread& marked, ExecutionRegions& regions, std::vector<Region>& fresh) {
  const int thread = static_cast<int>(regions.threads.size());
  std::vector<int> ids;  // by index of its paths
  std::int64_t calls = 0;
  const std::size_t before = regions.log.size();
  for (const MarkedPath& path : marked.paths) {
    const int parent = path.parent < 0 ? -1 : ids[static_cast<std::size_t>(path.parent)];
    ids.push_back(id_of(parent, path, fresh));
    if (path.calls == 0 && path.items == 0) continue;
    regions.totals.push_back({thread, ids.back(), path.calls, path.items, path.total, path.own});
    calls = std::min(calls + path.calls, kMostCalls);
    for (const MarkedOccurrence& one : path.log)
      if (regions.log.size() < kMostOccurrences)
        regions.log.push_back({thread, ids.back(), one.begin, one.end});
  }
  const auto logged = static_cast<std::int64_t>(regions.log.size() - before);
  regions.threads.push_back(
      {marked.process, marked.thread, marked.name, std::max<std::int64_t>(calls - logged, 0)});
}

std::vector<Region> RegionGatherer::gather(std::string_view slab, Execution& execution,
                                           std::vector<std::string>& remarks) {
  std::vector<Region> fresh;
  if (slab.empty()) return fresh;
  const SlabContent content = read_slab(slab);
  for (const Loss& loss : losses_of(content))
    if (told_.insert(loss.kind).second) remarks.push_back(loss.text);
  if (content.threads.empty()) return fresh;
  execution.regions = std::make_shared<ExecutionRegions>();
  for (const MarkedThread& thread : content.threads) add(thread, *execution.regions, fresh);
  std::ranges::stable_sort(execution.regions->log, {}, &RegionOccurrence::begin);
  return fresh;
}

}  // namespace pw
