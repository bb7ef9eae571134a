// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/region_analysis.h"

#include <algorithm>
#include <cmath>

#include "analyze/series/series.h"

namespace pw {
namespace {

// Of one region, by counted execution.
struct Marked {
  std::vector<TestValue> seconds, own, calls, items;
  std::vector<double> durations;  // s
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
    for (auto values : {&Marked::seconds, &Marked::own, &Marked::calls, &Marked::items})
      (one.*values).push_back({test, 0, {}});
}

void add_execution(std::vector<Marked>& all, const ExecutionRegions& regions) {
  for (const RegionTotal& total : regions.totals) {
    Marked& one = all[static_cast<std::size_t>(total.region)];
    one.seconds.back().value += to_seconds(total.total).value;
    one.own.back().value += to_seconds(total.own).value;
    one.calls.back().value += static_cast<double>(total.calls);
    one.items.back().value += total.items;
  }
  for (const RegionOccurrence& occurrence : regions.log)
    all[static_cast<std::size_t>(occurrence.region)].durations.push_back(
        to_seconds(occurrence.end - occurrence.begin).value);
}

std::optional<Statistics> over_tests(std::vector<TestValue> values) {
  return statistics(series_of(std::move(values)).values());
}

// The value that so many of them do not exceed, by its rank.
double quantile(std::vector<double>& values, double share) {
  const auto rank = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto at = values.begin() + std::max<std::ptrdiff_t>(rank - 1, 0);
  std::ranges::nth_element(values, at);
  return *at;
}

void add_quantiles(RegionRow& row, std::vector<double> durations) {
  row.logged = durations.size();
  if (durations.empty()) return;
  row.p50 = quantile(durations, 0.5);
  row.p99 = quantile(durations, 0.99);
}

RegionRow row_of(const Recording& recording, int region, Marked marked,
                 const std::optional<Statistics>& elapsed) {
  RegionRow row;
  row.region = region;
  row.path = region_path(recording, region);
  row.seconds = over_tests(std::move(marked.seconds));
  row.own = over_tests(std::move(marked.own));
  row.calls = over_tests(std::move(marked.calls));
  row.items = over_tests(std::move(marked.items));
  if (row.calls && row.calls->mean > 0) row.mean = row.seconds->mean / row.calls->mean;
  if (row.seconds && elapsed && elapsed->mean > 0) row.share = row.seconds->mean / elapsed->mean;
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

RegionAnalysis analyze_regions(const Recording& recording) {
  RegionAnalysis analysis;
  if (recording.regions.empty()) return analysis;
  analysis.mark_cost = recording.mark_cost;
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
  return analysis;
}

}  // namespace pw
