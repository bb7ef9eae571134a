// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/run.h"

#include <unistd.h>

#include <cstdlib>

#include "base/text.h"
#include "os/pipe.h"
#include "os/spawn.h"

namespace pw {
namespace {

constexpr std::size_t kKept = 64 * 1024;

}  // namespace

Result<RunOutput> run_program(const std::vector<std::string>& argv, const std::string& directory) {
  auto pipe = Pipe::open();
  if (!pipe) return fail_errno(Failure::measurement, "cannot make a pipe", pipe.error());
  const auto child = spawn({.argv = argv, .directory = directory, .output = pipe->in.fd()});
  if (!child) return fail_errno(Failure::not_possible, "cannot start", child.error(), argv[0]);
  pipe->in.close();
  RunOutput output;
  output.out = read_to_end(pipe->out.fd(), kKept);
  output.exit_status = wait_for_end(*child);
  return output;
}

bool on_path(const std::string& program) {
  const char* path = ::getenv("PATH");
  for (const std::string& folder : split(path ? path : "/usr/bin:/bin", ':'))
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  return false;
}

}  // namespace pw
