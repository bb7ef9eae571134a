// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/words.h"

#include <algorithm>

namespace pw {
namespace {

bool names(const std::string& word, std::string_view program) {
  return word.substr(word.rfind('/') + 1) == program;
}

bool rank_begins(std::span<const std::string> words, std::size_t at) {
  return at + 1 < words.size() && names(words[at], "perfwatt") && words[at + 1] == kRankCommand;
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

Result<> check_allocation(std::span<const std::string> words, const Variables& variables) {
  const bool srun = std::ranges::any_of(words, [](const std::string& word) { return names(word, "srun"); });
  if (!srun || variables("SLURM_JOB_ID")) return {};
  return fail(Failure::input, "srun outside an allocation queues a job of its own for each execution", "srun",
              "allocate first: salloc -N NODES -n TASKS perfwatt run ... -- srun perfwatt rank -- COMMAND");
}

}  // namespace pw
