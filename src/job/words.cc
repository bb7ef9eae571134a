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

std::ptrdiff_t programs_within(std::span<const std::string> words) {
  return std::ranges::count(words, kNextProgram);
}

// Where a launcher's words have `perfwatt rank`: the first, and behind each ":" the next.
std::vector<std::size_t> ranks_among(std::span<const std::string> words) {
  std::vector<std::size_t> all;
  for (std::size_t at = next_rank(words, 0); at < words.size(); at = next_rank(words, at + 1)) {
    const std::size_t before = all.empty() ? 0 : all.back();
    if (!all.empty() && programs_within(words.subspan(before, at - before)) == 0) break;  // of its program
    all.push_back(at);
  }
  return all;
}

// With what launchers are told where the output of their programs is to go: a value follows, or is joined.
struct LauncherKind {
  std::vector<std::string_view> names;
  std::vector<std::string_view> output_words;
  std::vector<std::string_view> output_letters;  // whose value may follow at once
};
const std::vector<LauncherKind>& launcher_kinds() {
  static const std::vector<LauncherKind> table = {
      {{"srun"}, {"--output", "--error"}, {"-o", "-e"}},
      {{"mpirun", "mpiexec", "orterun", "prterun"},
       {"--output", "--output-filename", "-output-filename", "-outfile-pattern", "--outfile-pattern",
        "-errfile-pattern", "--errfile-pattern"},
       {}},
  };
  return table;
}

// "mpiexec.hydra" is an mpiexec.
std::string_view stem(std::string_view word) {
  word.remove_prefix(word.rfind('/') + 1);
  return word.substr(0, word.find('.'));
}

const LauncherKind* kind_of(const std::string& word) {
  for (const LauncherKind& kind : launcher_kinds())
    if (std::ranges::count(kind.names, stem(word)) > 0) return &kind;
  return nullptr;
}

// How many words it takes from here; 0: it is no such option.
std::size_t output_option_at(std::span<const std::string> words, const LauncherKind& kind) {
  const std::string& word = words.front();
  const auto is = [&](std::string_view option) { return word == option; };
  if (std::ranges::any_of(kind.output_words, is) || std::ranges::any_of(kind.output_letters, is))
    return std::min<std::size_t>(2, words.size());
  const auto joined = [&](std::string_view option) { return word.starts_with(std::string(option) + "="); };
  const auto attached = [&](std::string_view letter) { return word.starts_with(letter); };
  return std::ranges::any_of(kind.output_words, joined) || std::ranges::any_of(kind.output_letters, attached)
             ? 1
             : 0;
}

// A launcher's own options end where its program begins: a word that is no option behind another, which may
// be an option's value.
void append_without_output(std::span<const std::string> words, const LauncherKind* kind,
                           std::vector<std::string>& all) {
  bool bare = false, own = true;
  while (!words.empty()) {
    const bool option = words.front().starts_with("-") || words.front() == kNextProgram;
    own = own && (option || !bare);
    bare = !option;
    const std::size_t dropped = kind && own ? output_option_at(words, *kind) : 0;
    if (dropped == 0) all.push_back(words.front());
    words = words.subspan(std::max<std::size_t>(dropped, 1));
  }
}

}  // namespace

bool is_job(std::span<const std::string> words) { return next_rank(words, 0) < words.size(); }

std::vector<std::string> with_job(std::span<const std::string> words, const std::string& folder,
                                  int execution, std::optional<Seconds> watch) {
  std::vector<std::string> all;
  std::size_t at = 0;
  for (const std::size_t rank : ranks_among(words)) {
    const std::size_t behind = rank + 2;
    all.insert(all.end(), words.begin() + static_cast<std::ptrdiff_t>(at),
               words.begin() + static_cast<std::ptrdiff_t>(behind));
    all.insert(all.end(), {kJobOption, folder, kExecutionOption, std::to_string(execution)});
    if (watch) all.insert(all.end(), {kWatchOption, fmt::format("{}", watch->value)});
    at = behind;
  }
  all.insert(all.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  return all;
}

std::optional<std::vector<std::string>> without_programs(std::span<const std::string> words) {
  std::vector<std::string> all;
  const std::vector<std::size_t> ranks = ranks_among(words);
  std::size_t at = 0;  // behind the launcher's name, and then behind the rank before
  const LauncherKind* kind = nullptr;
  for (; !kind && !ranks.empty() && at < ranks.front(); ++at) {
    kind = kind_of(words[at]);
    all.push_back(words[at]);
  }
  for (const std::size_t rank : ranks) {
    const bool first = rank == ranks.front();
    auto between = words.subspan(at, rank - at);
    if (programs_within(between) > (first ? 0 : 1)) return std::nullopt;
    if (!first)
      between = between.subspan(
          static_cast<std::size_t>(std::ranges::find(between, kNextProgram) - between.begin()));
    append_without_output(between, kind, all);
    all.insert(all.end(), {words[rank], words[rank + 1]});
    at = rank + 2;
  }
  if (kind && programs_within(words.subspan(at)) > 0) return std::nullopt;
  return all;
}

Result<> check_allocation(std::span<const std::string> words, const Variables& variables) {
  const bool srun = std::ranges::any_of(words, [](const std::string& word) { return names(word, "srun"); });
  if (!srun || variables("SLURM_JOB_ID")) return {};
  return fail(Failure::input, "srun outside an allocation queues a job of its own for each execution", "srun",
              "allocate first: salloc -N NODES -n TASKS perfwatt run ... -- srun perfwatt rank -- COMMAND");
}

}  // namespace pw
