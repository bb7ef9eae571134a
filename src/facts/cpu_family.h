// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace pw {

// What this machine, or a recording, says of a CPU.
struct CpuWords {
  std::string_view model;     // "POWER9 (architected), altivec supported", "Arm Neoverse N1"
  std::string_view revision;  // "2.2 (pvr 004e 1202)", "r3p1"
  std::string_view arch;      // uname(2)'s machine: "ppc64le"
};

// Whose events such a CPU counts: "power7", "power8", "power9", "power10" (a Power11 counts a POWER10's), by
// the model's name, else by the processor version; "x86", "arm64", else the architecture's own name.
std::string cpu_family(const CpuWords& cpu);

}  // namespace pw
