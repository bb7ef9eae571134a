// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/run.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/text.h"
#include "os/environment.h"

namespace pw {
namespace {

constexpr std::size_t kKept = 64 * 1024;

std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > 2 * kKept) text.erase(0, text.size() - kKept);
  }
}

}  // namespace

Result<RunOutput> run_program(const std::vector<std::string>& argv, const std::string& directory) {
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0)
    return fail_errno(Failure::measurement, "cannot make a pipe", errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 2);
  if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  std::vector<std::string> words = argv;
  std::vector<std::string> variables = environment_without_secrets();
  pid_t child = -1;
  const int error = ::posix_spawnp(&child, words[0].c_str(), &actions, nullptr, c_strings(words).data(),
                                   c_strings(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe_ends[1]);
  if (error != 0) {
    ::close(pipe_ends[0]);
    return fail_errno(Failure::not_possible, "cannot start", error, argv[0]);
  }
  RunOutput output;
  output.out = read_to_end(pipe_ends[0]);
  ::close(pipe_ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  output.exit_status = shell_status(status);
  return output;
}

bool on_path(const std::string& program) {
  const char* path = ::getenv("PATH");
  for (const std::string& folder : split(path ? path : "/usr/bin:/bin", ':'))
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

}  // namespace pw
