// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/cpuinfo.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "base/text.h"
#include "facts/cpu_family.h"

namespace pw {
namespace {

struct ArmCore {
  std::string_view implementer, part, name;
};

// MIDR_EL1.Implementer and .PartNum, from the cores' technical reference manuals.
constexpr ArmCore kArmCores[] = {
    {"0x41", "0xd03", "Arm Cortex-A53"},   {"0x41", "0xd07", "Arm Cortex-A57"},
    {"0x41", "0xd08", "Arm Cortex-A72"},   {"0x41", "0xd0b", "Arm Cortex-A76"},
    {"0x41", "0xd0c", "Arm Neoverse N1"},  {"0x41", "0xd40", "Arm Neoverse V1"},
    {"0x41", "0xd49", "Arm Neoverse N2"},  {"0x41", "0xd4f", "Arm Neoverse V2"},
    {"0x46", "0x001", "Fujitsu A64FX"},    {"0x48", "0xd01", "HiSilicon TaiShan v110"},
    {"0xc0", "0xac3", "Ampere AmpereOne"},
};

std::optional<std::string> arm_model(const CpuInfo& info) {
  const auto implementer = info.first({"CPU implementer"});
  const auto part = info.first({"CPU part"});
  if (!implementer || !part) return std::nullopt;
  for (const ArmCore& core : kArmCores)
    if (core.implementer == *implementer && core.part == *part) return std::string(core.name);
  return fmt::format("arm64, implementer {}, part {}", *implementer, *part);
}

std::optional<std::string> arm_revision(const CpuInfo& info) {
  const auto variant = info.first({"CPU variant"});
  const auto revision = info.first({"CPU revision"});
  if (!variant || !revision) return std::nullopt;
  return fmt::format("r{}p{}", variant->starts_with("0x") ? variant->substr(2) : *variant, *revision);
}

std::optional<std::string> x86_revision(const CpuInfo& info) {
  const auto family = info.first({"cpu family"});
  const auto model = info.first({"model"});
  const auto stepping = info.first({"stepping"});
  if (!family || !model || !stepping) return std::nullopt;
  return fmt::format("family {}, model {}, stepping {}", *family, *model, *stepping);
}

}  // namespace

CpuInfo::CpuInfo(const Root& root) {
  const std::string text = root.text("proc/cpuinfo").value_or("");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    if (!values_.contains(key)) values_.emplace(key, trim(line.substr(colon + 1)));
  }
}

std::optional<std::string> CpuInfo::first(std::initializer_list<std::string_view> keys) const {
  for (const std::string_view key : keys)
    if (const auto found = values_.find(key); found != values_.end()) return found->second;
  return std::nullopt;
}

bool CpuInfo::has_flag(std::string_view flag) const {
  const auto flags = first({"flags"});
  return flags && (" " + *flags + " ").find(" " + std::string(flag) + " ") != std::string::npos;
}

std::optional<std::string> cpu_model(const CpuInfo& info) {
  const auto named = info.first({"model name", "cpu"});
  return named ? named : arm_model(info);
}

std::optional<std::string> cpu_revision(const CpuInfo& info) {
  if (const auto power = info.first({"revision"})) return power;
  const auto x86 = x86_revision(info);
  return x86 ? x86 : arm_revision(info);
}

bool in_partition(const CpuInfo& info) { return info.first({"platform"}) == "pSeries"; }

std::string cpu_family(const CpuInfo& info, std::string_view arch, std::string_view pmu) {
  const std::string model = cpu_model(info).value_or(""), revision = cpu_revision(info).value_or("");
  return cpu_family(CpuWords{model, revision, arch, pmu});
}

std::optional<std::string> pmu_name(const Root& root) {
  return root.text("sys/bus/event_source/devices/cpu/caps/pmu_name");
}

std::string cpu_family(const Root& root) {
  utsname names{};
  ::uname(&names);
  return cpu_family(CpuInfo(root), names.machine, pmu_name(root).value_or(""));
}

}  // namespace pw
