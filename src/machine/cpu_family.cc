// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/cpu_family.h"

#include <sys/utsname.h>

#include <cctype>

namespace pw {
namespace {

// "POWER9 (architected), altivec supported" -> "power9"; "" where it is no POWER.
std::string power_generation(const std::string& cpuinfo) {
  constexpr std::string_view key = "POWER";
  const std::size_t at = cpuinfo.find(": POWER");
  if (at == std::string::npos) return "";
  std::string generation = "power";
  for (std::size_t i = at + 2 + key.size(); i < cpuinfo.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(cpuinfo[i])) == 0) break;
    generation += cpuinfo[i];
  }
  return generation == "power11" ? "power10" : generation;
}

}  // namespace

std::string cpu_family(const Root& root) {
  const std::string power = power_generation(root.text("proc/cpuinfo").value_or(""));
  if (!power.empty()) return power;
  utsname names{};
  ::uname(&names);
  const std::string machine = names.machine;
  if (machine == "x86_64") return "x86";
  return machine == "aarch64" ? "arm64" : machine;
}

}  // namespace pw
