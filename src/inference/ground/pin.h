// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of a network on CPUs of their own: one on each core before any core gets a second.
#pragma once

#include <sched.h>

#include <vector>

#include "os/root.h"

namespace pw::inference {

// `usable` CPUs in the order in which threads get them: the first of each core, then the second ... Cores are
// told apart by sys/devices/system/cpu/cpuN/topology; where that is not there, every CPU is a core. The core
// of `first` comes first.
std::vector<int> cpus_in_order(const Root& root, const std::vector<int>& usable, int first);

// The CPUs that this process could run on when it was first asked: before any thread was pinned.
const std::vector<int>& usable_cpus();

// How many threads of others run or want to at this moment, on the whole machine; 0 where that is not known.
int busy_elsewhere(const Root& root);

// Gives each thread of the team its CPU, where there are as many and nobody else needs them: `busy` as it was
// lately. A thread that is pinned to a CPU that others use waits for it, while another is free: measured, 3
// to 10 times slower. Not with OMP_PROC_BIND, OMP_PLACES or GOMP_CPU_AFFINITY: then libgomp has done so, or
// shall not.
void pin_team(const Root& root, int busy);

// Lets the calling thread run on all usable_cpus(): one that decodes photos beside a pinned team.
void unpin_this_thread();

}  // namespace pw::inference
