// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_remarks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/exit_status.h"
#include "base/list.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kMostNodesNamed = 8;

using NodeOf = std::function<std::string(int)>;

template <class Is>
std::vector<int> ranks_that(const ExecutionRanks& all, const Is& is) {
  std::vector<int> ranks;
  for (const RankRun& run : all.ranks)
    if (is(run)) ranks.push_back(run.rank);
  return ranks;
}

std::string on_nodes(std::span<const int> ranks, const NodeOf& node) {
  std::vector<std::string> nodes;
  for (const int rank : ranks)
    if (std::string name = printable(node(rank)); !name.empty() && std::ranges::count(nodes, name) == 0)
      nodes.push_back(std::move(name));
  if (nodes.empty()) return "";
  const bool more = nodes.size() > kMostNodesNamed;
  if (more) nodes.resize(kMostNodesNamed);
  return " (on " + join(nodes, ", ") + (more ? ", ...)" : ")");
}

bool failed_itself(const RankRun& run) {
  return run.usage && (run.usage->exit_status != 0 || run.usage->signal != 0);
}

double end_of(const RankRun& run) {
  return run.begin_unix_s.value_or(0) + run.elapsed.value_or(Seconds{}).value;
}

// By the nodes' clocks.
std::string first_failure(const ExecutionRanks& ranks, const NodeOf& node) {
  const RankRun* first = nullptr;
  for (const RankRun& run : ranks.ranks)
    if (failed_itself(run) && (!first || end_of(run) < end_of(*first))) first = &run;
  if (!first) return "";
  const std::vector<int> one = {first->rank};
  return fmt::format("{}{} was the first to fail: {} after {:.3g} s", ranks_text(one, ranks.size),
                     on_nodes(one, node), exit_text(first->usage->exit_status, first->usage->signal),
                     first->elapsed.value_or(Seconds{}).value);
}

std::string not_by_then(const ExecutionRanks& ranks, const NodeOf& node) {
  const std::vector<int> late = ranks_that(
      ranks, [](const RankRun& run) { return run.state == RankState::unfinished || failed_itself(run); });
  if (late.empty() || static_cast<int>(late.size()) == ranks.size) return "";
  return fmt::format("{}{} had not ended by the time-out", ranks_text(late, ranks.size),
                     on_nodes(late, node));
}

}  // namespace

std::string ranks_text(std::span<const int> ranks, int size) {
  return fmt::format("rank{} {} of {}", ranks.size() == 1 ? "" : "s", list_text(ranks), size);
}

std::vector<std::string> rank_remarks(const Execution& execution, const NodeOf& node) {
  const ExecutionRanks& ranks = *execution.ranks;
  if (ranks.size == 0)
    return {
        "no rank told anything: either none was started, or the job's folder (--job-dir) is on no disk that "
        "its node sees"};
  std::vector<std::string> remarks;
  const auto missing = ranks_that(ranks, [](const RankRun& run) { return run.state == RankState::missing; });
  const auto unfinished =
      ranks_that(ranks, [](const RankRun& run) { return run.state == RankState::unfinished; });
  if (!missing.empty())
    remarks.push_back(ranks_text(missing, ranks.size) + (missing.size() == 1 ? " is" : " are") +
                      " missing: nothing came from " + (missing.size() == 1 ? "it" : "them"));
  if (!unfinished.empty())
    remarks.push_back(ranks_text(unfinished, ranks.size) + on_nodes(unfinished, node) +
                      " began, and nothing told how " + (unfinished.size() == 1 ? "it" : "they") + " ended");
  const std::string failed = execution.timed_out ? not_by_then(ranks, node) : first_failure(ranks, node);
  if (!failed.empty()) remarks.push_back(failed);
  return remarks;
}

}  // namespace pw
