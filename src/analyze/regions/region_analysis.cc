// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_analysis.h"

#include <algorithm>
#include <map>

#include "analyze/regions/region_counts.h"
#include "analyze/regions/roofline.h"
#include "analyze/series/series.h"

namespace pw {
namespace {

// An occurrence that stands for others, too.
struct Duration {
  double seconds = 0, weight = 1;
};

// Of one region, by counted execution.
struct Marked {
  std::vector<TestValue> seconds, own, calls, items, threads, longest;
  std::vector<Duration> durations;
};

std::string escaped(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if (c == '/' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

void begin_execution(std::vector<Marked>& all, int test) {
  for (Marked& one : all)
    for (auto values :
         {&Marked::seconds, &Marked::own, &Marked::calls, &Marked::items, &Marked::threads, &Marked::longest})
      (one.*values).push_back({test, 0, {}});
}

bool in_order(const ExecutionRegions& regions, const RegionOccurrence& one) {
  const auto& until = regions.threads[static_cast<std::size_t>(one.thread)].complete_until;
  return !until || one.end < *until;
}

// Of a region in a thread the later occurrences were drawn out of all that are not in the log in order.
void add_durations(std::vector<Marked>& all, const ExecutionRegions& regions) {
  std::map<std::pair<int, int>, double> calls, ordered, drawn;  // by thread and region
  for (const RegionTotal& total : regions.totals)
    calls[{total.thread, total.region}] = static_cast<double>(total.calls);
  for (const RegionOccurrence& one : regions.log)
    ++(in_order(regions, one) ? ordered : drawn)[{one.thread, one.region}];
  for (const RegionOccurrence& one : regions.log) {
    Duration duration{to_seconds(one.end - one.begin).value};
    const std::pair key{one.thread, one.region};
    if (!in_order(regions, one)) duration.weight = std::max(calls[key] - ordered[key], 1.0) / drawn[key];
    all[static_cast<std::size_t>(one.region)].durations.push_back(duration);
  }
}

void add_execution(std::vector<Marked>& all, const ExecutionRegions& regions) {
  for (const RegionTotal& total : regions.totals) {
    Marked& one = all[static_cast<std::size_t>(total.region)];
    one.seconds.back().value += to_seconds(total.total).value;
    one.own.back().value += to_seconds(total.own).value;
    one.calls.back().value += static_cast<double>(total.calls);
    one.items.back().value += total.items;
    one.threads.back().value += 1;
    one.longest.back().value = std::max(one.longest.back().value, to_seconds(total.total).value);
  }
  add_durations(all, regions);
}

std::optional<Statistics> over_tests(std::vector<TestValue> values) {
  return statistics(series_of(std::move(values)).values());
}

// The value that so large a share of them, sorted, does not exceed.
double quantile(const std::vector<Duration>& sorted, double share) {
  double all = 0, until = 0;
  for (const Duration& one : sorted) all += one.weight;
  for (const Duration& one : sorted)
    if ((until += one.weight) >= share * all * (1 - 1e-12)) return one.seconds;
  return sorted.back().seconds;
}

void add_quantiles(RegionRow& row, std::vector<Duration> durations) {
  row.logged = durations.size();
  if (durations.empty()) return;
  std::ranges::sort(durations, {}, &Duration::seconds);
  row.p50 = quantile(durations, 0.5);
  row.p99 = quantile(durations, 0.99);
}

// Of executions that had several threads in it.
std::optional<double> imbalance_of(const Marked& marked) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < marked.threads.size(); ++i) {
    const double threads = marked.threads[i].value, seconds = marked.seconds[i].value;
    if (threads < 2 || seconds <= 0) continue;
    sum += marked.longest[i].value * threads / seconds;
    ++count;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

RegionRow row_of(const Recording& recording, int region, Marked marked,
                 const std::optional<Statistics>& elapsed) {
  RegionRow row;
  row.region = region;
  row.path = region_path(recording, region);
  row.imbalance = imbalance_of(marked);
  if (const auto threads = over_tests(marked.threads)) row.threads = threads->mean;
  row.series = series_of(std::move(marked.seconds));
  row.seconds = statistics(row.series.values());
  row.own = over_tests(std::move(marked.own));
  row.calls = over_tests(std::move(marked.calls));
  row.items = over_tests(std::move(marked.items));
  if (row.calls && row.calls->mean > 0) row.mean = row.seconds->mean / row.calls->mean;
  if (row.seconds && elapsed && elapsed->mean > 0) row.share = row.seconds->mean / elapsed->mean;
  const RegionWork& work = recording.regions[static_cast<std::size_t>(region)].work;
  if (work.flops > 0 && row.mean && *row.mean > 0) row.flops = work.flops / *row.mean;
  add_quantiles(row, std::move(marked.durations));
  if (row.mean && recording.mark_cost)
    row.below_floor = to_seconds(*recording.mark_cost).value > kMarkShare * *row.mean;
  return row;
}

// Each behind what it is within: regions by their parents, in order.
std::vector<std::pair<int, int>> in_tree_order(const std::vector<Region>& regions) {
  std::vector<std::vector<int>> within(regions.size() + 1);
  for (std::size_t i = 0; i < regions.size(); ++i)
    within[static_cast<std::size_t>(regions[i].parent + 1)].push_back(static_cast<int>(i));
  std::vector<std::pair<int, int>> left, order;  // region, depth
  const auto push = [&](int parent, int depth) {
    const auto& siblings = within[static_cast<std::size_t>(parent + 1)];
    for (auto one = siblings.rbegin(); one != siblings.rend(); ++one) left.emplace_back(*one, depth);
  };
  for (push(-1, 0); !left.empty();) {
    const auto [region, depth] = left.back();
    left.pop_back();
    order.emplace_back(region, depth);
    push(region, depth + 1);
  }
  return order;
}

void correct(std::vector<RegionRow>& rows, Nanoseconds mark_cost) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double within = 0;  // marks
    for (std::size_t k = i + 1; k < rows.size() && rows[k].depth > rows[i].depth; ++k)
      within += rows[k].calls->mean;
    rows[i].corrected = std::max(rows[i].seconds->mean - within * to_seconds(mark_cost).value, 0.0);
  }
}

}  // namespace

std::string region_name(const Region& region) {
  return region.ordinal == 1 ? region.name : region.name + "#" + std::to_string(region.ordinal);
}

std::string region_path(const Recording& recording, int region) {
  std::string path;
  for (int at = region; at >= 0; at = recording.regions[static_cast<std::size_t>(at)].parent) {
    const std::string name = escaped(region_name(recording.regions[static_cast<std::size_t>(at)]));
    path = at == region ? name : name + "/" + path;
  }
  return path;
}

void tell_energy(RegionAnalysis& regions, std::vector<ChannelRegions> energy) {
  regions.energy = std::move(energy);
  const ChannelRegions* told = told_channel(regions.energy);
  if (!told) return;
  for (RegionRow& row : regions.rows) {
    const RegionJoules& one = told->regions[static_cast<std::size_t>(row.region)];
    row.joules_untold = !one.gross && !one.reason.empty();
    if (!one.gross) continue;
    row.joules = one.gross->value * row.seconds->mean;
    row.joules_half_width = one.uncertainty.value * row.seconds->mean;
  }
}

RegionAnalysis analyze_regions(const Recording& recording) {
  RegionAnalysis analysis;
  if (recording.regions.empty()) return analysis;
  analysis.mark_cost = recording.mark_cost;
  analysis.scope = recording.region_scope;
  std::vector<Marked> marked(recording.regions.size());
  for (const Execution* execution : counted_executions(recording)) {
    if (!execution->regions) continue;
    begin_execution(marked, execution->test);
    add_execution(marked, *execution->regions);
    analysis.threads = std::max(analysis.threads, execution->regions->threads.size());
  }
  const auto elapsed = statistics(elapsed_series(recording).values());
  for (const auto& [region, depth] : in_tree_order(recording.regions)) {
    RegionRow row = row_of(recording, region, std::move(marked[static_cast<std::size_t>(region)]), elapsed);
    row.depth = depth;
    if (row.calls) analysis.rows.push_back(std::move(row));
  }
  if (recording.mark_cost) correct(analysis.rows, *recording.mark_cost);
  add_counts(analysis.rows, recording);
  analysis.no_roofs = add_roofs(analysis.rows, recording);
  return analysis;
}

}  // namespace pw
