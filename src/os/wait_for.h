// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <span>

namespace pw {

// Returns when each of these processes, which need not be our children, has ended. Of none: never.
void wait_for_processes(std::span<const pid_t> processes);

}  // namespace pw
