// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <utility>

#include "store/load_parts.h"

namespace pw {
namespace {

std::optional<int> optional_rank(Rows& row) {
  const auto number = row.optional_integer(0, kMostRanks);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

Result<> load_places(RowSource& source, Recording& recording) {
  Rows row(source, "rank_places");
  while (row.next()) {
    row.must_be(recording.rank_places.size() + 1);
    RankPlace place;
    place.rank = static_cast<int>(row.integer(0, kMostRanks - 1));
    place.size = static_cast<int>(row.integer(1, kMostRanks));
    if (place.rank >= place.size) row.problem("no less than there are");
    place.local_rank = optional_rank(row);
    place.local_size = optional_rank(row);
    place.node = row.text();
    place.launcher = row.text();
    place.cpus = row.text();
    place.numa = row.text();
    recording.rank_places.push_back(std::move(place));
  }
  return row.result();
}

// Nothing where it has not ended: all columns are NULL then.
std::optional<RankUsage> next_rank_usage(Rows& row, RankState state) {
  if (state != RankState::ended) {
    for (int i = 0; i < 9; ++i)
      if (!row.skip_null()) row.problem("known of what has not ended");
    return std::nullopt;
  }
  RankUsage usage;
  usage.user = row.seconds();
  usage.system = row.seconds();
  usage.max_rss_kb = row.integer();
  usage.voluntary_switches = row.integer();
  usage.involuntary_switches = row.integer();
  usage.minor_faults = row.integer();
  usage.major_faults = row.integer();
  usage.exit_status = static_cast<int>(row.integer(0, 0xffff));
  usage.signal = static_cast<int>(row.integer(0, 127));
  return usage;
}

RankRun next_rank_run(Rows& row, const Recording& recording) {
  RankRun run;
  run.rank = static_cast<int>(row.integer(0, kMostRanks - 1));
  const auto place = row.optional_integer(1, static_cast<std::int64_t>(recording.rank_places.size()));
  if (place) run.place = static_cast<int>(*place - 1);
  run.state = row.one_of(rank_state);
  run.begin_unix_s = row.optional_real(0, 1e12);
  run.elapsed = row.optional_seconds();
  run.usage = next_rank_usage(row, run.state);
  return run;
}

// By its execution and its index there.
using RunPlace = std::pair<std::size_t, std::size_t>;

// The ranks of an execution follow each other, from 0 on.
Result<std::vector<RunPlace>> load_rank_runs(RowSource& source, Recording& recording) {
  std::vector<RunPlace> runs;
  Rows row(source, "ranks");
  while (row.next()) {
    row.must_be(runs.size() + 1);
    const int execution = row.number_from_1(recording.executions.size());
    RankRun run = next_rank_run(row, recording);
    if (!row.result()) break;
    const auto index = static_cast<std::size_t>(execution - 1);
    auto& ranks = recording.executions[index].ranks;
    if (!ranks) ranks = std::make_shared<ExecutionRanks>();
    if (static_cast<std::size_t>(run.rank) != ranks->ranks.size()) row.problem("its rank is not the next");
    runs.emplace_back(index, ranks->ranks.size());
    ranks->ranks.push_back(std::move(run));
    ranks->size = static_cast<int>(ranks->ranks.size());
  }
  if (!row.result()) return pass_on(row.result());
  return runs;
}

constexpr double kMostPower = 1e15;  // J, W

template <class Quantity>
std::optional<Quantity> next_quantity(Rows& row) {
  const auto value = row.optional_real(0, kMostPower);
  return value ? std::optional(Quantity{*value}) : std::nullopt;
}

NodePower next_node_power(Rows& row) {
  NodePower power;
  power.source = row.text();
  power.channel = row.text();
  power.scope = row.text();
  power.energy = next_quantity<Joules>(row);
  power.uncertainty = next_quantity<Joules>(row);
  power.mean = next_quantity<Watts>(row);
  power.least = next_quantity<Watts>(row);
  power.most = next_quantity<Watts>(row);
  power.readings = row.integer();
  power.by_run = row.integer(0, 1) != 0;
  power.reason = row.text();
  return power;
}

NodeUse next_node_use(Rows& row) {
  NodeUse use;
  use.busy = row.optional_seconds();
  use.cpus = static_cast<int>(row.integer(0, kMostNodeCpus));
  use.reason = row.text();
  return use;
}

Result<> load_node_idles(RowSource& source, Recording& recording) {
  Rows row(source, "node_idles");
  while (row.next()) {
    NodeIdle idle;
    idle.before = row.integer(0, 1) != 0;
    idle.place = row.number_from_1(recording.rank_places.size()) - 1;
    idle.begin_unix_s = row.optional_real(0, 1e12).value_or(0);
    idle.lasted = row.optional_seconds();
    idle.power = next_node_power(row);
    recording.node_idles.push_back(std::move(idle));
  }
  return row.result();
}

// The rows of a table that belong to runs: `take` reads the columns behind the run.
template <class Take>
Result<> load_of_runs(RowSource& source, const char* table, Recording& recording,
                      const std::vector<RunPlace>& runs, const Take& take) {
  Rows row(source, table);
  while (row.next()) {
    const int number = row.number_from_1(runs.size());
    if (!row.result()) break;
    const auto [execution, index] = runs[static_cast<std::size_t>(number - 1)];
    take(row, recording.executions[execution].ranks->ranks[index]);
  }
  return row.result();
}

}  // namespace

Result<> load_ranks(RowSource& source, Recording& recording) {
  if (Result<> loaded = load_places(source, recording); !loaded) return loaded;
  if (Result<> loaded = load_node_idles(source, recording); !loaded) return loaded;
  const auto runs = load_rank_runs(source, recording);
  if (!runs) return pass_on(runs);
  const auto reading = [&](Rows& row, RankRun& run) { run.readings.push_back(next_reading(row, recording)); };
  if (Result<> loaded = load_of_runs(source, "rank_readings", recording, *runs, reading); !loaded)
    return loaded;
  const auto power = [](Rows& row, RankRun& run) { run.power.push_back(next_node_power(row)); };
  if (Result<> loaded = load_of_runs(source, "rank_power", recording, *runs, power); !loaded) return loaded;
  const auto use = [](Rows& row, RankRun& run) {
    if (run.node_use) row.problem("its node was told of before");
    run.node_use = next_node_use(row);
  };
  return load_of_runs(source, "node_use", recording, *runs, use);
}

}  // namespace pw
