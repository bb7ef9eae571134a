// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/region_gatherer.h"

#include <algorithm>
#include <memory>
#include <span>

#include "collect/collectors.h"
#include "regions/losses.h"

namespace pw {
namespace {

constexpr std::size_t kMostOccurrences = 262'144;  // of an execution, in the recording
constexpr std::int64_t kMostCalls = std::int64_t{1} << 60;

// When the first one ended that the recording has no room for.
std::optional<Nanoseconds> room_until(const SlabContent& content) {
  std::vector<Nanoseconds> ends;
  for (const MarkedThread& thread : content.threads)
    for (const LoggedOccurrence& one : thread.log) ends.push_back(one.occurrence.end);
  if (ends.size() <= kMostOccurrences) return std::nullopt;
  const auto first = ends.begin() + kMostOccurrences;
  std::ranges::nth_element(ends, first);
  return *first;
}

std::optional<Nanoseconds> earlier(std::optional<Nanoseconds> a, std::optional<Nanoseconds> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

// What is known of single occurrences of a thread: all that ended before `until`, and the drawn ones after
// it.
std::vector<RegionOccurrence> occurrences_of(const MarkedThread& marked, std::span<const int> ids, int thread,
                                             std::optional<Nanoseconds> until) {
  std::vector<RegionOccurrence> log;
  const auto add = [&](std::size_t path, const MarkedOccurrence& one) {
    log.push_back({thread, ids[path], one.begin, one.end});
  };
  for (const LoggedOccurrence& one : marked.log)
    if (!until || one.occurrence.end < *until) add(static_cast<std::size_t>(one.path), one.occurrence);
  for (std::size_t path = 0; until && path < marked.paths.size(); ++path)
    for (const MarkedOccurrence& one : marked.paths[path].drawn)
      if (one.end >= *until) add(path, one);
  std::ranges::stable_sort(log, [](const RegionOccurrence& a, const RegionOccurrence& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  return log;
}

}  // namespace

int RegionGatherer::id_of(int parent, const MarkedPath& path, std::vector<Region>& fresh) {
  const auto [found, added] =
      ids_.try_emplace({parent, path.name, path.ordinal}, static_cast<int>(ids_.size()));
  const MarkedName marked = marked_name(path.name);
  if (added)
    fresh.push_back(
        {parent, std::string(marked.name), path.ordinal, std::string(marked.collector), path.work});
  return found->second;
}

void RegionGatherer::add(const MarkedThread& marked, std::optional<Nanoseconds> room_until,
                         CountsOfRegions& counts, ExecutionRegions& regions, std::vector<Region>& fresh) {
  const int thread = static_cast<int>(regions.threads.size());
  std::vector<int> ids;  // by index of its paths
  std::int64_t calls = 0;
  for (const MarkedPath& path : marked.paths) {
    const int parent = path.parent < 0 ? -1 : ids[static_cast<std::size_t>(path.parent)];
    ids.push_back(id_of(parent, path, fresh));
    if (path.calls == 0 && path.items == 0) continue;
    regions.totals.push_back({thread, ids.back(), path.calls, path.items, path.total, path.own});
    if (path.calls > 0) counts.add(marked, path, regions);
    calls = std::min(calls + path.calls, kMostCalls);
  }
  const auto until = earlier(marked.complete_until, room_until);
  const auto log = occurrences_of(marked, ids, thread, until);
  regions.threads.push_back({marked.process, marked.thread, marked.name,
                             std::max<std::int64_t>(calls - static_cast<std::int64_t>(log.size()), 0),
                             until});
  regions.log.insert(regions.log.end(), log.begin(), log.end());
}

std::vector<Region> RegionGatherer::gather(std::string_view slab, const RegionCounters& counters,
                                           Execution& execution, std::vector<std::string>& remarks) {
  std::vector<Region> fresh;
  if (slab.empty()) return fresh;
  const SlabContent content = read_slab(slab, counters.sizes());
  for (const Loss& loss : losses_of(content))
    if (told_.insert(loss.kind).second) remarks.push_back(loss.text);
  if (content.threads.empty()) return fresh;
  if (!counters.why.empty() && told_.insert("uncounted").second) remarks.push_back(counters.why);
  CountsOfRegions counts(counters, execution.readings);
  execution.regions = std::make_shared<ExecutionRegions>();
  const auto until = room_until(content);
  for (const MarkedThread& thread : content.threads) add(thread, until, counts, *execution.regions, fresh);
  return fresh;
}

}  // namespace pw
