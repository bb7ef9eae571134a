// SPDX-License-Identifier: GPL-3.0-or-later
// Counts that end before the command does: the kernel stops the counters of a user's task at the exec of a
// program that changes its user, or that the user may not read.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/units.h"
#include "counters/plan/plan.h"
#include "model/event.h"

namespace pw {

// Whether exec of `program` (a path, or a name on PATH) ends the counters of a task of `uid` and `gid`: a
// set-user-ID or set-group-ID file of somebody else's, one with capabilities, or one that cannot be read.
bool exec_ends_counters(const std::string& program, uid_t uid, gid_t gid);

// Makes the readings of counters that were enabled for clearly less than `cpu`, the CPU time of the command
// and what it waited for (rusage), `not-counted`, but for those of whole CPUs (by `plan`). `expected`:
// exec_ends_counters of the command itself. A counter of a task is enabled while the task runs.
void mark_uncounted(std::vector<Reading>& readings, const CountingPlan& plan, Seconds cpu, bool expected);

}  // namespace pw
