// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "os/root.h"

namespace pw {

// Whose events this machine's CPU counts, out of /proc/cpuinfo: "power8", "power9", "power10" (also for a
// POWER11, which counts a POWER10's), "power7" and the like; else by the machine uname(2) names: "x86",
// "arm64", or that name itself.
std::string cpu_family(const Root& root);

}  // namespace pw
