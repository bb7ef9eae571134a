// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/rank_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "analyze/ranks/rank_evidence.h"
#include "analyze/series/series.h"
#include "analyze/statistics/robust.h"
#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

constexpr double kClearlyApart = 0.05;  // of the median
constexpr const char* kEffects[] = {"context-switches", "cpu-migrations", "page-faults",
                                    "minor-faults",     "major-faults",   "alignment-faults",
                                    "emulation-faults", "cgroup-switches"};

using RankNumber = std::function<std::optional<double>(const RankRun&)>;

const RankRun* run_in(const Execution& execution, int rank) {
  const bool there = execution.ranks && rank < static_cast<int>(execution.ranks->ranks.size());
  return there ? &execution.ranks->ranks[static_cast<std::size_t>(rank)] : nullptr;
}

std::optional<double> mean_of(const Recording& recording, int rank, const RankNumber& number) {
  const Series series = series_of(recording, [&](const Execution& execution) -> std::optional<double> {
    const RankRun* const run = run_in(execution, rank);
    return run && run->state == RankState::ended ? number(*run) : std::nullopt;
  });
  return mean_of(statistics(series.values()));
}

std::optional<RankSpread> spread_of(const std::vector<RankValue>& known) {
  if (known.empty()) return std::nullopt;
  RankSpread spread;
  const auto [least, most] = std::ranges::minmax_element(known, {}, &RankValue::value);
  spread.least = *least;
  spread.most = *most;
  std::vector<double> values;
  for (const RankValue& one : known) values.push_back(one.value);
  spread.mean = statistics(values)->mean;
  spread.median = median(std::move(values));
  if (spread.mean > 0) spread.imbalance = spread.most.value / spread.mean;
  return spread;
}

std::vector<int> odd_among(const std::vector<RankValue>& known, double middle) {
  std::vector<double> values;
  for (const RankValue& one : known) values.push_back(one.value);
  std::vector<int> odd;
  for (const Outlier& one : outliers(values))
    if (std::abs(values[one.index] - middle) > kClearlyApart * std::abs(middle))
      odd.push_back(known[one.index].rank);
  std::ranges::sort(odd);
  return odd;
}

void add_quantity(RankAnalysis& analysis, const Recording& recording, RankQuantity quantity,
                  const RankNumber& number) {
  std::vector<RankValue> known;
  for (int rank = 0; rank < analysis.size; ++rank) {
    quantity.values.push_back(mean_of(recording, rank, number));
    if (quantity.values.back()) known.push_back({rank, *quantity.values.back()});
  }
  quantity.spread = spread_of(known);
  if (quantity.spread) quantity.odd = odd_among(known, quantity.spread->median);
  analysis.quantities.push_back(std::move(quantity));
}

// "" where every rank that ended has a count of it.
std::string why_no_count(const Recording& recording, int event) {
  for (const Execution* const execution : counted_executions(recording)) {
    if (!execution->ranks) continue;
    for (const RankRun& run : execution->ranks->ranks)
      for (const Reading& reading : run.readings)
        if (reading.event == event && !scaled_value(reading))
          return fmt::format("rank {}: {}", run.rank,
                             reading.reason.empty() ? std::string(to_text(reading.status)) : reading.reason);
  }
  return "";
}

bool counted_by_ranks(const Recording& recording, int event) {
  for (const Execution& execution : recording.executions)
    if (execution.ranks)
      for (const RankRun& run : execution.ranks->ranks)
        if (std::ranges::count(run.readings, event, &Reading::event) > 0) return true;
  return false;
}

void add_event(RankAnalysis& analysis, const Recording& recording, int index) {
  const Event& event = recording.events[static_cast<std::size_t>(index)];
  const bool time = event.unit == "ns";
  RankQuantity quantity{event.label(),
                        time ? "s" : event.unit,
                        std::ranges::count(kEffects, event.name) == 0,
                        {},
                        {},
                        {},
                        why_no_count(recording, index)};
  add_quantity(analysis, recording, std::move(quantity), [&](const RankRun& run) -> std::optional<double> {
    const auto reading = std::ranges::find(run.readings, index, &Reading::event);
    const auto amount = reading == run.readings.end() ? std::nullopt : amount_of(event, *reading);
    return amount && time ? std::optional(*amount * 1e-9) : amount;
  });
}

void add_quantities(RankAnalysis& analysis, const Recording& recording) {
  const auto add = [&](const char* name, const char* unit, const RankNumber& number) {
    add_quantity(analysis, recording, {name, unit, true, {}, {}, {}, ""}, number);
  };
  add(kRankWall, "s",
      [](const RankRun& run) { return run.elapsed ? std::optional(run.elapsed->value) : std::nullopt; });
  add(kRankCpu, "s",
      [](const RankRun& run) { return std::optional((run.usage->user + run.usage->system).value); });
  for (int event = 0; event < static_cast<int>(recording.events.size()); ++event)
    if (counted_by_ranks(recording, event)) add_event(analysis, recording, event);
  add("max rss", "B",
      [](const RankRun& run) { return std::optional(1024.0 * static_cast<double>(run.usage->max_rss_kb)); });
}

void add_run(RankRow& row, const RankRun& run) {
  row.ended += run.state == RankState::ended;
  row.unfinished += run.state == RankState::unfinished;
  row.missing += run.state == RankState::missing;
  row.failed += run.usage && run.usage->exit_status != 0;
  if (run.place >= 0) row.place = run.place;
}

std::vector<RankRow> rows_of(const Recording& recording, int size) {
  std::vector<RankRow> rows(static_cast<std::size_t>(size));
  for (int rank = 0; rank < size; ++rank) rows[static_cast<std::size_t>(rank)].rank = rank;
  for (const Execution& execution : recording.executions) {
    if (!execution.ranks || !execution.of_test()) continue;
    for (const RankRun& run : execution.ranks->ranks) add_run(rows[static_cast<std::size_t>(run.rank)], run);
  }
  return rows;
}

std::vector<RankNode> nodes_of(const Recording& recording, const std::vector<RankRow>& rows) {
  std::vector<RankNode> nodes;
  for (const RankRow& row : rows) {
    if (row.place < 0) continue;
    const std::string& name = recording.rank_places[static_cast<std::size_t>(row.place)].node;
    auto node = std::ranges::find(nodes, name, &RankNode::name);
    if (node == nodes.end()) node = nodes.insert(nodes.end(), {name, {}});
    node->ranks.push_back(row.rank);
  }
  return nodes;
}

}  // namespace

RankAnalysis analyze_ranks(const Recording& recording) {
  RankAnalysis analysis;
  for (const Execution& execution : recording.executions)
    if (execution.ranks)
      analysis.size = std::max(analysis.size, static_cast<int>(execution.ranks->ranks.size()));
  if (analysis.size == 0) return analysis;
  analysis.rows = rows_of(recording, analysis.size);
  analysis.nodes = nodes_of(recording, analysis.rows);
  add_quantities(analysis, recording);
  analysis.odd = odd_ranks(recording, analysis);
  return analysis;
}

}  // namespace pw
