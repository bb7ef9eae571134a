// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/open_files.h"

#include <sys/resource.h>

namespace pw {
namespace {

rlimit before{};
bool raised = false;

}  // namespace

void raise_open_files() {
  if (raised || ::getrlimit(RLIMIT_NOFILE, &before) != 0) return;
  rlimit most = before;
  most.rlim_cur = most.rlim_max;
  raised = ::setrlimit(RLIMIT_NOFILE, &most) == 0;
}

void restore_open_files() {
  if (raised) ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace pw
