// SPDX-License-Identifier: GPL-3.0-or-later
// Spawn-to-exit of a command, interleaved: bare, under `perf stat` with the same software events, and one
// execution of `perfwatt run`. usage: spawn-bench ROUNDS COMMAND-A ::: COMMAND-B ::: ...: each command is run
// once a round, in an order that turns by one each round; prints medians and the ratio to the first.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

double now_ms() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

double run_once(std::vector<char*>& argv) {
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  for (const int fd : {1, 2}) posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_WRONLY, 0);
  const double begin = now_ms();
  pid_t child = 0;
  if (posix_spawnp(&child, argv[0], &quiet, nullptr, argv.data(), environ) != 0) std::exit(1);
  int status = 0;
  waitpid(child, &status, 0);
  const double took = now_ms() - begin;
  posix_spawn_file_actions_destroy(&quiet);
  if (status != 0) {
    std::fprintf(stderr, "%s failed (wait status %d)\n", argv[0], status);
    std::exit(1);
  }
  return took;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 2 ? std::atoi(argv[1]) : 0;
  if (rounds < 1) return 2;
  std::vector<std::vector<char*>> commands(1);
  for (int i = 2; i < argc; ++i) {
    if (std::strcmp(argv[i], ":::") == 0)
      commands.emplace_back();
    else
      commands.back().push_back(argv[i]);
  }
  for (auto& command : commands) command.push_back(nullptr);
  std::vector<std::vector<double>> times(commands.size());
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const std::size_t at = (i + static_cast<std::size_t>(round)) % commands.size();
      times[at].push_back(run_once(commands[at]));
    }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    std::string words;
    for (const char* word : commands[i])
      if (word) words += std::string(words.empty() ? "" : " ") + word;
    std::printf("%8.3f ms  %6.2f x  %s\n", median(times[i]), median(times[i]) / median(times[0]),
                words.c_str());
  }
}
