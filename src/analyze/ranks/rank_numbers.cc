// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/ranks/rank_numbers.h"

#include <algorithm>

#include "analyze/ranks/rank_evidence.h"

namespace pw {
namespace {

constexpr const char* kEffects[] = {"context-switches", "cpu-migrations", "page-faults",
                                    "minor-faults",     "major-faults",   "alignment-faults",
                                    "emulation-faults", "cgroup-switches"};

// By event.
std::vector<bool> counted_by_ranks(const Recording& recording) {
  std::vector<bool> counted(recording.events.size());
  for (const Execution& execution : recording.executions)
    if (execution.ranks)
      for (const RankRun& run : execution.ranks->ranks)
        for (const Reading& reading : run.readings) counted[static_cast<std::size_t>(reading.event)] = true;
  return counted;
}

RankNumber number_of_event(const Event& event, int index) {
  const bool time = event.unit == "ns";
  const auto of = [&event, index, time](const RankRun& run) -> std::optional<double> {
    const auto reading = std::ranges::find(run.readings, index, &Reading::event);
    const auto amount = reading == run.readings.end() ? std::nullopt : amount_of(event, *reading);
    return amount && time ? std::optional(*amount * 1e-9) : amount;
  };
  return {event.label(), time ? "s" : event.unit, std::ranges::count(kEffects, event.name) == 0, index, of};
}

struct Extremes {
  double most = 0, sum = 0;
  std::size_t count = 0;
};

// Nothing where some rank has no value.
std::optional<Extremes> extremes_of(const RankNumber& number, const Execution& execution) {
  if (!execution.ranks || execution.ranks->ranks.empty()) return std::nullopt;
  Extremes all;
  for (const RankRun& run : execution.ranks->ranks) {
    const auto value = value_of(number, run);
    if (!value) return std::nullopt;
    all.most = std::max(all.most, *value);
    all.sum += *value;
    ++all.count;
  }
  return all;
}

RankSeries series_of_number(const Recording& recording, const RankNumber& number) {
  RankSeries all{number.name, number.unit, number.event, {}, {}};
  all.most = series_of(recording, [&](const Execution& execution) -> std::optional<double> {
    const auto extremes = extremes_of(number, execution);
    return extremes ? std::optional(extremes->most) : std::nullopt;
  });
  all.imbalance = series_of(recording, [&](const Execution& execution) -> std::optional<double> {
    const auto extremes = extremes_of(number, execution);
    if (!extremes || extremes->sum <= 0) return std::nullopt;
    return extremes->most * static_cast<double>(extremes->count) / extremes->sum;
  });
  return all;
}

}  // namespace

std::optional<double> value_of(const RankNumber& number, const RankRun& run) {
  return run.state == RankState::ended ? number.of(run) : std::nullopt;
}

std::vector<RankNumber> rank_numbers(const Recording& recording) {
  std::vector<RankNumber> all = {
      {kRankWall, "s", true, -1,
       [](const RankRun& run) { return run.elapsed ? std::optional(run.elapsed->value) : std::nullopt; }},
      {kRankCpu, "s", true, -1,
       [](const RankRun& run) { return std::optional((run.usage->user + run.usage->system).value); }}};
  const std::vector<bool> counted = counted_by_ranks(recording);
  for (std::size_t event = 0; event < recording.events.size(); ++event)
    if (counted[event]) all.push_back(number_of_event(recording.events[event], static_cast<int>(event)));
  all.push_back({"max rss", "B", true, -1, [](const RankRun& run) {
                   return std::optional(1024.0 * static_cast<double>(run.usage->max_rss_kb));
                 }});
  return all;
}

std::vector<RankSeries> rank_series(const Recording& recording) {
  std::vector<RankSeries> all;
  for (const RankNumber& number : rank_numbers(recording))
    if (number.effect) all.push_back(series_of_number(recording, number));
  return all;
}

}  // namespace pw
