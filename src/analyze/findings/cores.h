// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "facts/findings.h"
#include "model/recording.h"

namespace pw {

// How many cores the command may run on: those of the CPUs that it is pinned to (--cpus), else of those that
// its cgroup allows, else of the machine.
InputValue cores_of(const Recording& recording);

}  // namespace pw
