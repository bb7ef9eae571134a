// SPDX-License-Identifier: GPL-3.0-or-later
// Who we are to the kernel's perf events.
#pragma once

#include <string>

#include "os/root.h"

namespace pw {

struct Permissions {
  bool root = false;     // user 0, which in a container need not be allowed more than others
  bool perfmon = false;  // CAP_PERFMON or CAP_SYS_ADMIN of the whole machine
  int filtered = 0;      // the errno of a seccomp filter that answers in the kernel's place; 0: there is none
};

Permissions permissions(const Root& root);

// "a seccomp filter refuses perf_event_open ...".
std::string filter_reason(int error);

}  // namespace pw
