// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/common.h"
#include "os/file.h"
#include "os/run.h"
#include "os/spawn.h"

namespace pw {

int classify_command(int argc, char** argv) {
  std::vector<std::string> words = {(program_path().parent_path() / "perfwatt-classify").string()};
  words.insert(words.end(), argv, argv + argc);
  ::execvp(words[0].c_str(), c_strings(words).data());
  if (errno == ENOENT) {
    words[0] = find_helper("perfwatt-classify");  // "": no such file, again
    ::execvp(words[0].c_str(), c_strings(words).data());
  }
  return report_error({Failure::not_possible, "the classifier is not installed beside perfwatt",
                       words[0].empty() ? "perfwatt-classify" : words[0],
                       "install the package perfwatt-classify, or build with its libraries (scripts/setup)"});
}

}  // namespace pw
