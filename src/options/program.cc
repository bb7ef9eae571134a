// SPDX-License-Identifier: GPL-3.0-or-later
#include "options/program.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "options/report.h"
#include "os/given.h"
#include "os/messages.h"
#include "os/signals.h"

namespace pw {
namespace {

constexpr int kFailed = static_cast<int>(Failure::measurement);

int report_lost_output(int error) {
  return report_error(fail_errno(Failure::measurement, "cannot write", error, "standard output").value());
}

}  // namespace

int run_program(int argc, char** argv, int (*command)(int, char**)) {
  hold_standard_descriptors();
  never_wait_for_readers_of_messages();
  full_files_are_errors();
  try {
    const int status = command(argc, argv);
    const bool printed = std::fflush(stdout) == 0 && !std::ferror(stdout);
    if (printed || status == kFailed) return status;  // a command that failed has said its line
    return report_lost_output(errno);
  } catch (const std::system_error& error) {  // fmt::print's
    return report_lost_output(error.code().value());
  }
}

}  // namespace pw
