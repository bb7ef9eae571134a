// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pw {
namespace {

bool names(const std::string& word, std::string_view program) {
  return word.substr(word.rfind('/') + 1) == program;
}

bool rank_begins(std::span<const std::string> words, std::size_t at) {
  return at + 1 < words.size() && names(words[at], "perfwatt") && words[at + 1] == kRankCommand;
}

// Between the programs of one launcher: "mpirun -n 1 A : -n 2 B".
constexpr const char* kNextProgram = ":";

std::size_t next_rank(std::span<const std::string> words, std::size_t at) {
  while (at < words.size() && !rank_begins(words, at)) ++at;
  return at;
}

}  // namespace

bool is_job(std::span<const std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (rank_begins(words, i)) return true;
  return false;
}

std::vector<std::string> with_job(std::span<const std::string> words, const std::string& folder,
                                  int execution) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    all.push_back(words[i]);
    if (!rank_begins(words, i)) continue;
    const std::vector<std::string> more = {words[++i], kJobOption, folder, kExecutionOption,
                                           std::to_string(execution)};
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::optional<std::vector<std::string>> with_watch(std::span<const std::string> words,
                                                   const std::string& folder, int execution, Seconds length) {
  std::vector<std::string> all;
  std::size_t at = 0;  // behind the rank before
  for (std::size_t rank = next_rank(words, 0); rank < words.size(); rank = next_rank(words, at)) {
    const auto between = words.subspan(at, rank - at);
    const auto programs = std::ranges::count(between, kNextProgram);
    if (programs > (at > 0 ? 1 : 0)) return std::nullopt;
    if (at > 0 && programs == 0) break;  // among the words of its program
    std::copy(at > 0 ? std::ranges::find(between, kNextProgram) : between.begin(), between.end(),
              std::back_inserter(all));
    const std::vector<std::string> more = {
        words[rank],      words[rank + 1],           kJobOption,   folder,
        kExecutionOption, std::to_string(execution), kWatchOption, fmt::format("{}", length.value)};
    all.insert(all.end(), more.begin(), more.end());
    at = rank + 2;
  }
  return all;
}

Result<> check_allocation(std::span<const std::string> words, const Variables& variables) {
  const bool srun = std::ranges::any_of(words, [](const std::string& word) { return names(word, "srun"); });
  if (!srun || variables("SLURM_JOB_ID")) return {};
  return fail(Failure::input, "srun outside an allocation queues a job of its own for each execution", "srun",
              "allocate first: salloc -N NODES -n TASKS perfwatt run ... -- srun perfwatt rank -- COMMAND");
}

}  // namespace pw
