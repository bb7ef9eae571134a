// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/cpu_family.h"

#include <strings.h>

#include <algorithm>
#include <array>

namespace pw {
namespace {

struct Generation {
  std::string_view number;   // as cpuinfo has it behind "POWER", or "Power" from 11 on
  std::string_view version;  // upper half of the PVR
  std::string_view family;
};

// Linux's arch/powerpc/include/asm/reg.h.
constexpr std::array<Generation, 8> kGenerations = {{{"11", "0082", "power10"},
                                                     {"10", "0080", "power10"},
                                                     {"9", "004e", "power9"},
                                                     {"8", "004d", "power8"},
                                                     {"8", "004c", "power8"},
                                                     {"8", "004b", "power8"},
                                                     {"7", "004a", "power7"},
                                                     {"7", "003f", "power7"}}};

const Generation* by_name(std::string_view model) {
  constexpr std::string_view prefix = "power";
  if (model.size() < prefix.size() || ::strncasecmp(model.data(), prefix.data(), prefix.size()) != 0)
    return nullptr;
  model.remove_prefix(prefix.size());
  const std::string_view number = model.substr(0, model.find_first_not_of("0123456789"));
  const auto at = std::ranges::find(kGenerations, number, &Generation::number);
  return at == kGenerations.end() ? nullptr : &*at;
}

// "2.2 (pvr 004e 1202)".
const Generation* by_version(std::string_view revision) {
  constexpr std::string_view key = "(pvr ";
  const std::size_t at = revision.find(key);
  if (at == std::string_view::npos) return nullptr;
  const std::string_view version = revision.substr(at + key.size(), 4);
  const auto found = std::ranges::find(kGenerations, version, &Generation::version);
  return found == kGenerations.end() ? nullptr : &*found;
}

std::string_view number_of(const Generation* generation) { return generation ? generation->number : ""; }

}  // namespace

std::string cpu_family(const CpuWords& cpu) {
  for (const Generation* generation : {by_name(cpu.pmu), by_name(cpu.model), by_version(cpu.revision)})
    if (generation) return std::string(generation->family);
  if (cpu.arch == "x86_64") return "x86";
  return cpu.arch == "aarch64" ? "arm64" : std::string(cpu.arch);
}

std::string cpu_family(const Machine& machine) {
  const auto text = [&](std::string_view key) -> std::string_view {
    const auto at = std::ranges::find(machine, key, &Fact::key);
    return at == machine.end() ? std::string_view() : at->value;
  };
  return cpu_family({text("cpu_model"), text("cpu_revision"), text("arch"), text("pmu")});
}

std::string_view power_generation(std::string_view name) { return number_of(by_name(name)); }

std::string_view power_generation_of_version(std::string_view revision) {
  return number_of(by_version(revision));
}

}  // namespace pw
