// SPDX-License-Identifier: GPL-3.0-or-later
// A POWER that plays an older one: its hypervisor chose so for this partition.
#pragma once

#include <string>

#include "machine/cpuinfo.h"

namespace pw {

// What the kernel tells a program of its processor, by getauxval(3); "" where it does not.
struct ToldPlatform {
  std::string used;  // AT_PLATFORM, which it may use: "power9"
  std::string real;  // AT_BASE_PLATFORM: "power10"
};
ToldPlatform told_platform();

// "POWER9 mode of a POWER10"; "" where it is what it says.
std::string compatibility_mode(const CpuInfo& info, const ToldPlatform& told);

}  // namespace pw
