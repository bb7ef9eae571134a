// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/run.h"

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

// argv[0] as an absolute path; nothing where it is in no folder of PATH that is named from the root.
std::vector<std::string> found_from_the_root(std::vector<std::string> argv) {
  if (argv[0].find('/') != std::string::npos) return argv;
  for (const std::string& folder : folders_on_path())
    if (const std::string file = folder + "/" + argv[0];
        folder.starts_with('/') && ::access(file.c_str(), X_OK) == 0) {
      argv[0] = file;
      return argv;
    }
  return {};
}

}  // namespace

Result<RunOutput> run_program(const std::vector<std::string>& argv, const std::string& directory) {
  const std::vector<std::string> found = found_from_the_root(argv);
  if (found.empty()) return fail_errno(Failure::not_possible, "cannot start", ENOENT, argv[0]);
  auto pipe = Pipe::open();
  if (!pipe) return fail_errno(Failure::measurement, "cannot make a pipe", pipe.error());
  const auto child = spawn({.argv = found, .directory = directory, .output = pipe->in.fd()});
  if (!child) return fail_errno(Failure::not_possible, "cannot start", child.error(), argv[0]);
  pipe->in.close();
  RunOutput output;
  output.out = read_to_end(pipe->out.fd(), kKept);
  output.exit_status = wait_for_end(*child);
  return output;
}

bool on_path(const std::string& program) {
  for (const std::string& folder : folders_on_path())
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

}  // namespace pw
