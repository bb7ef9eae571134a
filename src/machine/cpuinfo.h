// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "os/root.h"

namespace pw {

// /proc/cpuinfo: the first "key : value" line of each key.
class CpuInfo {
 public:
  explicit CpuInfo(const Root& root);
  // The value of the first of these keys that is there.
  std::optional<std::string> first(std::initializer_list<std::string_view> keys) const;
  bool has_flag(std::string_view flag) const;  // x86's flags

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

// "AMD EPYC 7742", "POWER9, altivec supported", "Arm Neoverse N1"; nothing where it cannot be told.
std::optional<std::string> cpu_model(const CpuInfo& info);
// "2.2 (pvr 004e 1202)", "family 25, model 1, stepping 1", "r3p1".
std::optional<std::string> cpu_revision(const CpuInfo& info);

// A POWER under a hypervisor: PowerVM's, or KVM.
bool in_partition(const CpuInfo& info);

// facts/cpu_family.h's, of a machine that uname(2) calls `arch`, and the kernel its PMU `pmu`.
std::string cpu_family(const CpuInfo& info, std::string_view arch, std::string_view pmu = "");
// The kernel's name of the CPU's PMU ("POWER10"), where it tells (Linux 5.18 on POWER).
std::optional<std::string> pmu_name(const Root& root);
// Of this machine, with /proc/cpuinfo under `root`.
std::string cpu_family(const Root& root);

}  // namespace pw
