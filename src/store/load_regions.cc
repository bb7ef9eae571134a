// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "model/occurrence_block.h"
#include "store/load_parts.h"

namespace pw {
namespace {

constexpr int kMostNumber = std::numeric_limits<int>::max();

// Index of its execution and in there.
using ThreadPlace = std::pair<std::size_t, int>;

Result<std::vector<ThreadPlace>> load_region_threads(RowSource& source, Recording& recording) {
  std::vector<ThreadPlace> places;
  Rows row(source, "region_threads");
  while (row.next()) {
    row.must_be(places.size() + 1);
    const int execution = row.number_from_1(recording.executions.size());
    RegionThread thread;
    thread.process = static_cast<int>(row.integer(0, kMostNumber));
    thread.thread = static_cast<int>(row.integer(0, kMostNumber));
    thread.name = row.text();
    thread.dropped = row.integer();
    thread.complete_until = row.optional_time();
    if (!row.result()) break;
    auto& regions = recording.executions[static_cast<std::size_t>(execution - 1)].regions;
    if (!regions) regions = std::make_shared<ExecutionRegions>();
    places.emplace_back(static_cast<std::size_t>(execution - 1), static_cast<int>(regions->threads.size()));
    regions->threads.push_back(std::move(thread));
  }
  if (!row.result()) return pass_on(row.result());
  return places;
}

// The next two columns: a thread and a region. Nothing where they are not there.
struct MarkedBy {
  ExecutionRegions& regions;
  int thread, region;
  std::size_t execution;
};
std::optional<MarkedBy> marked_by(Rows& row, Recording& recording, const std::vector<ThreadPlace>& places) {
  const int thread = row.number_from_1(places.size());
  const int region = row.number_from_1(recording.regions.size());
  if (!row.result()) return std::nullopt;
  const auto& [execution, place] = places[static_cast<std::size_t>(thread - 1)];
  return MarkedBy{*recording.executions[execution].regions, place, region - 1, execution};
}

using TotalPlace = ThreadPlace;

Result<std::vector<TotalPlace>> load_totals(RowSource& source, Recording& recording,
                                            const std::vector<ThreadPlace>& places) {
  std::vector<TotalPlace> found;
  Rows row(source, "region_totals");
  while (row.next()) {
    row.must_be(found.size() + 1);
    const auto of = marked_by(row, recording, places);
    if (!of) break;
    RegionTotal total{of->thread, of->region, row.integer(), {}, {}, {}};
    total.items = row.real(-Rows::kMostUnits, Rows::kMostUnits);
    total.total = row.duration();
    total.own = row.duration();
    if (total.own > total.total) row.problem("more than all of it");
    found.emplace_back(of->execution, static_cast<int>(of->regions.totals.size()));
    of->regions.totals.push_back(total);
  }
  if (!row.result()) return pass_on(row.result());
  return found;
}

// The texts of an execution, each once.
class Reasons {
 public:
  int index(ExecutionRegions& regions, std::string text) {
    if (text.empty()) return -1;
    const auto [at, added] =
        known_[&regions].try_emplace(std::move(text), static_cast<int>(regions.reasons.size()));
    if (added) regions.reasons.push_back(at->first);
    return at->second;
  }

 private:
  std::map<const ExecutionRegions*, std::map<std::string, int>> known_;
};

// As in `readings`, a count may be any 64 bits.
Result<> load_counts(RowSource& source, Recording& recording, const std::vector<TotalPlace>& totals) {
  Reasons reasons;
  int last = 1;
  Rows row(source, "region_counts");
  while (row.next()) {
    const int number = row.number_from_1(totals.size());
    if (number < last) row.problem("not by total");
    last = number;
    RegionCount count;
    count.event = row.index(recording.events.size());
    count.value = std::bit_cast<std::uint64_t>(row.any_integer());
    count.own = std::bit_cast<std::uint64_t>(row.any_integer());
    count.enabled = row.duration();
    count.running = row.duration();
    count.status = row.one_of(count_status);
    std::string reason = row.text();
    if (count.own > count.value) row.problem("more than all of it");
    if (count.running > count.enabled) row.problem("ran longer than it was enabled");
    if (!row.result()) break;
    const auto& [execution, total] = totals[static_cast<std::size_t>(number - 1)];
    ExecutionRegions& regions = *recording.executions[execution].regions;
    count.total = total;
    count.reason = reasons.index(regions, std::move(reason));
    regions.counts.push_back(count);
  }
  return row.result();
}

Result<> load_log(RowSource& source, Recording& recording, const std::vector<ThreadPlace>& places) {
  Rows row(source, "region_log");
  while (row.next()) {
    const int thread = row.number_from_1(places.size());
    const auto count = static_cast<std::size_t>(row.integer(1, kMostOccurrencesInBlock));
    const std::string bytes = row.text();
    if (!row.result()) break;
    const auto& [execution, place] = places[static_cast<std::size_t>(thread - 1)];
    const auto some = unpack_occurrences(bytes, count, place, recording.regions.size(), recording.start);
    if (some.empty()) row.problem("no block of occurrences");
    auto& log = recording.executions[execution].regions->log;
    log.insert(log.end(), some.begin(), some.end());
  }
  return row.result();
}

Result<> load_names(RowSource& source, Recording& recording) {
  std::vector<int> depths;
  Rows row(source, "regions");
  while (row.next()) {
    row.must_be(recording.regions.size() + 1);
    Region region;
    const auto parent = row.optional_integer(1, static_cast<std::int64_t>(recording.regions.size()));
    if (parent) region.parent = static_cast<int>(*parent - 1);
    if (!row.result()) break;
    depths.push_back(parent ? depths[static_cast<std::size_t>(region.parent)] + 1 : 1);
    if (depths.back() > kDeepestRegions) row.problem("too deep");
    region.name = row.text();
    region.ordinal = static_cast<int>(row.integer(1, kMostNumber));
    region.collector = row.text();
    region.work.flops = row.real(0, Rows::kMostUnits);
    region.work.bytes = row.real(0, Rows::kMostUnits);
    region.work.how = row.text();
    recording.regions.push_back(std::move(region));
  }
  return row.result();
}

}  // namespace

Result<> load_regions(RowSource& source, Recording& recording) {
  if (Result<> named = load_names(source, recording); !named) return named;
  const auto places = load_region_threads(source, recording);
  if (!places) return pass_on(places);
  const auto totals = load_totals(source, recording, *places);
  if (!totals) return pass_on(totals);
  if (Result<> counted = load_counts(source, recording, *totals); !counted) return counted;
  return load_log(source, recording, *places);
}

}  // namespace pw
