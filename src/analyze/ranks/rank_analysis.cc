// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/rank_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "analyze/ranks/rank_evidence.h"
#include "analyze/ranks/rank_numbers.h"
#include "analyze/series/series.h"
#include "analyze/statistics/robust.h"
#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

constexpr double kClearlyApart = 0.05;  // of the median
const RankRun* run_in(const Execution& execution, int rank) {
  const bool there = execution.ranks && rank < static_cast<int>(execution.ranks->ranks.size());
  return there ? &execution.ranks->ranks[static_cast<std::size_t>(rank)] : nullptr;
}

std::optional<double> mean_over_tests(const Recording& recording, int rank, const RankNumber& number) {
  const Series series = series_of(recording, [&](const Execution& execution) -> std::optional<double> {
    const RankRun* const run = run_in(execution, rank);
    return run ? value_of(number, *run) : std::nullopt;
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

RankQuantity quantity_of(const Recording& recording, const RankNumber& number, int size) {
  RankQuantity quantity{number.name, number.unit, number.effect, {}, {}, {}, ""};
  if (number.event >= 0) quantity.reason = why_no_count(recording, number.event);
  std::vector<RankValue> known;
  for (int rank = 0; rank < size; ++rank) {
    quantity.values.push_back(mean_over_tests(recording, rank, number));
    if (quantity.values.back()) known.push_back({rank, *quantity.values.back()});
  }
  quantity.spread = spread_of(known);
  if (quantity.spread) quantity.odd = odd_among(known, quantity.spread->median);
  return quantity;
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
  std::map<std::string_view, std::size_t> known;
  for (const RankRow& row : rows) {
    if (row.place < 0) continue;
    const std::string& name = recording.rank_places[static_cast<std::size_t>(row.place)].node;
    const auto [at, is_new] = known.try_emplace(name, nodes.size());
    if (is_new) nodes.push_back({name, {}});
    nodes[at->second].ranks.push_back(row.rank);
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
  for (const RankNumber& number : rank_numbers(recording))
    analysis.quantities.push_back(quantity_of(recording, number, analysis.size));
  analysis.odd = odd_ranks(recording, analysis);
  return analysis;
}

}  // namespace pw
