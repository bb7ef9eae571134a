// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "machine/compatibility.h"
#include "model/experiment.h"
#include "os/root.h"

namespace pw {

// What this machine is, from procfs and sysfs under `root` and uname(2). A fact that cannot be read is left
// out.
Machine describe_machine(const Root& root, const ToldPlatform& told = told_platform());

// Variables that change the speed of common numerical libraries (OMP_*, OPENBLAS_*, ...), as they are set
// here.
std::vector<Fact> speed_environment();

}  // namespace pw
