// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/run.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/text.h"
#include "os/pipe.h"
#include "os/spawn.h"

namespace pw {
namespace {

constexpr std::size_t kKept = 64 * 1024;

std::vector<std::string> folders_on_path() {
  const char* path = ::getenv("PATH");
  return split(path ? path : "/usr/bin:/bin", ':');
}

std::string found_in(const std::vector<std::string>& folders, const std::string& program) {
  for (const std::string& folder : folders) {
    std::string file = folder + "/" + program;
    struct stat status {};
    if (::access(file.c_str(), X_OK) == 0 && ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode))
      return file;
  }
  return "";
}

}  // namespace

Result<RunOutput> run_program(const std::vector<std::string>& argv, const std::string& directory) {
  std::vector<std::string> words = argv;
  words[0] = find_helper(argv[0]);
  if (words[0].empty()) return fail_errno(Failure::not_possible, "cannot start", ENOENT, argv[0]);
  auto pipe = Pipe::open();
  if (!pipe) return fail_errno(Failure::measurement, "cannot make a pipe", pipe.error());
  const auto child = spawn({.argv = words, .directory = directory, .output = pipe->in.fd()});
  if (!child) return fail_errno(Failure::not_possible, "cannot start", child.error(), argv[0]);
  pipe->in.close();
  RunOutput output;
  output.out = read_to_end(pipe->out.fd(), kKept);
  output.exit_status = wait_for_end(*child);
  return output;
}

std::string find_helper(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  std::vector<std::string> folders = folders_on_path();
  std::erase_if(folders, [](const std::string& folder) { return !folder.starts_with('/'); });
  return found_in(folders, program);
}

std::string find_on_path(const std::string& program) { return found_in(folders_on_path(), program); }

bool on_path(const std::string& program) { return !find_on_path(program).empty(); }

}  // namespace pw
