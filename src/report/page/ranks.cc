// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks of a job: each quantity of each rank, over the tests and in each execution, and the nodes.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "analyze/ranks/node_energy.h"
#include "analyze/ranks/rank_numbers.h"
#include "base/quantity.h"
#include "export/export_ranks.h"
#include "report/page/base64.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostExplained = 100;  // ranks that stand apart
constexpr std::size_t kMostColumns = 900;    // executions, of which each is a px wide

using Executions = std::vector<const Execution*>;

// Those in which some rank has a value of it.
Executions executions_of(const Recording& recording, const RankNumber& number) {
  Executions with;
  for (const Execution* const execution : counted_executions(recording))
    if (execution->ranks && std::ranges::any_of(execution->ranks->ranks, [&](const RankRun& run) {
          return value_of(number, run).has_value();
        }))
      with.push_back(execution);
  return with;
}

double value_in(const RankNumber& number, const Execution& execution, std::size_t rank) {
  const auto& ranks = execution.ranks->ranks;
  return rank < ranks.size() ? value_of(number, ranks[rank]).value_or(kNone) : kNone;
}

// Of each rank in turn, the executions in their order.
std::string cells_of(const RankNumber& number, const Executions& executions, std::size_t ranks) {
  std::vector<float> cells;
  for (std::size_t rank = 0; rank < ranks; ++rank)
    for (const Execution* const execution : executions)
      cells.push_back(static_cast<float>(value_in(number, *execution, rank)));
  return base64_of<float>(cells);
}

void write_spread(JsonWriter& json, const RankQuantity& one) {
  const auto of = [&](auto value) { return one.spread ? std::optional(value(*one.spread)) : std::nullopt; };
  json.member("least", of([](const RankSpread& all) { return all.least.value; }));
  json.member("least_rank", of([](const RankSpread& all) { return all.least.rank; }));
  json.member("median", of([](const RankSpread& all) { return all.median; }));
  json.member("mean", of([](const RankSpread& all) { return all.mean; }));
  json.member("most", of([](const RankSpread& all) { return all.most.value; }));
  json.member("most_rank", of([](const RankSpread& all) { return all.most.rank; }));
  json.member("imbalance", one.spread ? one.spread->imbalance : std::nullopt);
}

// `most`: executions that the picture may have, the first ones.
void write_quantity(JsonWriter& json, const Recording& recording, const RankQuantity& one,
                    const RankNumber& number, std::size_t most) {
  Executions executions = executions_of(recording, number);
  const std::size_t all = executions.size();
  executions.resize(std::min(all, most));
  std::vector<std::int32_t> numbers;
  for (const Execution* const execution : executions)
    numbers.insert(numbers.end(), {execution->test, execution->pass});
  std::vector<double> values;
  for (const auto& value : one.values) values.push_back(value.value_or(kNone));
  json.object([&] {
    json.member("name", one.name);
    json.member("unit", one.unit);
    json.member("reason", one.reason);
    write_spread(json, one);
    json.member("values", base64_of<double>(values));
    json.member("executions", base64_of<std::int32_t>(numbers));
    json.member("all_executions", all);
    json.member("cells", cells_of(number, executions, one.values.size()));
  });
}

// By rank: index of its node, executions that ended, are unfinished, missing, failed.
std::string states_of(const RankAnalysis& ranks) {
  const std::vector<int> nodes = nodes_by_rank(ranks);
  std::vector<std::int32_t> all;
  for (const RankRow& row : ranks.rows)
    all.insert(all.end(), {nodes[static_cast<std::size_t>(row.rank)], row.ended, row.unfinished, row.missing,
                           row.failed});
  return base64_of<std::int32_t>(all);
}

void write_apart(JsonWriter& json, const RankAnalysis& ranks) {
  json.member("all_apart", ranks.odd.size());
  json.member("apart", [&] {
    json.array([&] {
      for (std::size_t i = 0; i < std::min(ranks.odd.size(), kMostExplained); ++i)
        json.object("rank", ranks.odd[i].rank, "how", ranks.odd[i].how, "evidence", ranks.odd[i].evidence);
    });
  });
}

void write_nodes(JsonWriter& json, const RankAnalysis& ranks) {
  json.member("nodes", [&] {
    json.array([&] {
      for (const RankNode& node : ranks.nodes)
        json.object("name", node.name, "ranks", node.ranks.size(), "energy_j", number_of(node.energy),
                    "uncertainty_j", number_of(node.uncertainty), "net_j", number_of(node.net),
                    "net_uncertainty_j", number_of(node.net_uncertainty), "mean_w", number_of(node.power),
                    "sensor", node.sensor, "reason", node.reason, "net_reason", node.gross_reason,
                    "busy_cpu_s", number_of(node.busy), "other_cpu_s", number_of(node.others), "shared",
                    node.energy && node.shared > 0, "other_reason", node.others_reason);
    });
  });
  json.member("energy", [&] {
    if (ranks.energy)
      write_job_energy(json, ranks);
    else
      json.value(std::nullopt);
  });
}

}  // namespace

void write_ranks(JsonWriter& json, const Recording& recording, const Analysis& analysis) {
  const RankAnalysis& ranks = analysis.ranks;
  if (ranks.size == 0) {
    json.member("ranks", std::nullopt);
    return;
  }
  const std::vector<RankNumber> numbers = rank_numbers(recording);
  const std::size_t cells = numbers.size() * ranks.rows.size();
  const std::size_t most = std::clamp<std::size_t>(kPageRankCells / cells, 1, kMostColumns);
  const auto all = [&] {
    json.member("launcher", recording.rank_places.empty() ? "" : recording.rank_places.front().launcher);
    json.member("states", states_of(ranks));
    write_nodes(json, ranks);
    write_apart(json, ranks);
    json.member("quantities", [&] {
      json.array([&] {
        for (std::size_t i = 0; i < numbers.size(); ++i)
          write_quantity(json, recording, ranks.quantities[i], numbers[i], most);
      });
    });
  };
  json.member("ranks", [&] { json.object(all); });
}

}  // namespace pw
