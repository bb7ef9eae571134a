// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_sums.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace pw {
namespace {

struct RankSum {
  Reading reading;
  int counted = 0;
  std::string why;  // of the first rank that has no count
};

bool has_count(const Reading& reading) {
  return reading.status == CountStatus::ok || reading.status == CountStatus::scaled;
}

void add_count(RankSum& sum, int rank, const Reading& one) {
  if (has_count(one)) {
    ++sum.counted;
    sum.reading.value += one.value;
    sum.reading.enabled += one.enabled;
    sum.reading.running += one.running;
  } else if (sum.why.empty()) {
    sum.why =
        fmt::format("rank {}: {}", rank, one.reason.empty() ? std::string(to_text(one.status)) : one.reason);
  }
}

std::string why_missing(const ExecutionRanks& ranks) {
  for (const RankRun& run : ranks.ranks)
    if (run.state != RankState::ended) return fmt::format("rank {} is {}", run.rank, to_text(run.state));
  return ranks.size == 0 ? "no rank told anything" : "a rank did not count it";
}

Reading total(RankSum sum, const ExecutionRanks& ranks) {
  Reading& reading = sum.reading;
  reading.status = status_of(reading.enabled, reading.running);
  if (sum.counted == ranks.size && sum.counted > 0) return reading;
  reading.status = CountStatus::not_counted;
  reading.reason = fmt::format("{} of {} ranks were counted: {}", sum.counted, ranks.size,
                               sum.why.empty() ? why_missing(ranks) : sum.why);
  return reading;
}

void add_used(Execution& execution, const RankUsage& usage) {
  execution.user += usage.user;
  execution.system += usage.system;
  execution.max_rss_kb = std::max(execution.max_rss_kb, usage.max_rss_kb);
  execution.voluntary_switches += usage.voluntary_switches;
  execution.involuntary_switches += usage.involuntary_switches;
  execution.minor_faults += usage.minor_faults;
  execution.major_faults += usage.major_faults;
}

void forget_used(Execution& execution) {
  execution.user = execution.system = {};
  for (const auto count :
       {&Execution::max_rss_kb, &Execution::voluntary_switches, &Execution::involuntary_switches,
        &Execution::minor_faults, &Execution::major_faults})
    execution.*count = 0;
}

}  // namespace

void add_rank_sums(Execution& execution, std::span<const int> events) {
  const ExecutionRanks& ranks = *execution.ranks;
  std::map<int, RankSum> sums;
  const bool any = std::ranges::any_of(ranks.ranks, [](const RankRun& run) { return run.usage.has_value(); });
  if (any) forget_used(execution);
  for (const int event : events) sums[event].reading.event = event;
  for (const RankRun& run : ranks.ranks) {
    if (run.usage) add_used(execution, *run.usage);
    for (const Reading& one : run.readings)
      if (run.state == RankState::ended) add_count(sums[one.event], run.rank, one);
  }
  for (auto& [event, sum] : sums) execution.readings.push_back(total(std::move(sum), ranks));
}

}  // namespace pw
