// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/experiment.h"

namespace pw {

// What this machine, or a recording, says of a CPU.
struct CpuWords {
  std::string_view model;     // "POWER9 (architected), altivec supported", "Arm Neoverse N1"
  std::string_view revision;  // "2.2 (pvr 004e 1202)", "r3p1"
  std::string_view arch;      // uname(2)'s machine: "ppc64le"
  std::string_view pmu = "";  // the kernel's name of its PMU: "POWER10"
};

// Whose events such a CPU counts: "power7", "power8", "power9", "power10" (a Power11 counts a POWER10's), by
// the PMU's name (in a compatibility mode the PMU may be the processor's own), else the model's, else by the
// processor version; "x86", "arm64", else the architecture's own name.
std::string cpu_family(const CpuWords& cpu);
// Of a machine as it was recorded.
std::string cpu_family(const Machine& machine);

// "10": the generation of a POWER by its name ("POWER10 (architected), altivec supported", "power10"), and by
// its processor version ("2.0 (pvr 0080 0200)"); "" where it is none that is known.
std::string_view power_generation(std::string_view name);
std::string_view power_generation_of_version(std::string_view revision);

}  // namespace pw
