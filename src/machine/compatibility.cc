// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/compatibility.h"

#include <fmt/format.h>
#include <sys/auxv.h>

#include "facts/cpu_family.h"

namespace pw {
namespace {

std::string told_text(unsigned long type) {
  const auto* text = reinterpret_cast<const char*>(::getauxval(type));
  return text ? text : "";
}

std::string mode_of(std::string_view used, std::string_view real) {
  if (used.empty() || real.empty() || used == real) return "";
  return fmt::format("POWER{} mode of a POWER{}", used, real);
}

}  // namespace

ToldPlatform told_platform() { return {told_text(AT_PLATFORM), told_text(AT_BASE_PLATFORM)}; }

// In /proc/cpuinfo the name is that of the mode, the version that of the processor.
std::string compatibility_mode(const CpuInfo& info, const ToldPlatform& told) {
  const std::string by_program = mode_of(power_generation(told.used), power_generation(told.real));
  if (!by_program.empty()) return by_program;
  const std::string model = cpu_model(info).value_or(""), revision = cpu_revision(info).value_or("");
  return mode_of(power_generation(model), power_generation_of_version(revision));
}

}  // namespace pw
