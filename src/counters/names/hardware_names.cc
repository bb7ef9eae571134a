// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/hardware_names.h"

#include <fmt/format.h>
#include <linux/perf_event.h>

#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "counters/names/sysfs_pmu.h"
#include "facts/hardware_events.h"

namespace pw {
namespace {

// sysfs's names where they are not perf's.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kSysfsNames = {
    {{"cycles", "cpu-cycles"}, {"branches", "branch-instructions"}}};

// "event=0x1e054" -> 0x1e054.
std::optional<std::uint64_t> only_code(const std::string& text) {
  constexpr std::string_view prefix = "event=0x";
  return text.starts_with(prefix) ? parse_hex(std::string_view(text).substr(prefix.size())) : std::nullopt;
}

// The hardware's own name for a code: an entry PM_... with the same code.
std::string hardware_name(const Root& root, const std::filesystem::path& events, std::uint64_t code) {
  for (const std::string& name : root.names(events)) {
    if (!name.starts_with("PM_")) continue;
    const std::optional<std::string> text = root.text(events / name);
    if (text && only_code(*text) == code) return name;
  }
  return "";
}

HardwareEvent describe_code(const Root& root, const std::string& cpu, std::uint64_t code) {
  const auto fact = hardware_of_code(cpu, code);
  const std::string name =
      fact ? std::string(fact->name) : hardware_name(root, kPmuDevices / cpu_pmu_name(root) / "events", code);
  return {name.empty() ? fmt::format("0x{:x}", code) : fmt::format("{} 0x{:x}", name, code), code,
          fact ? std::string(fact->meaning) : ""};
}

std::optional<std::string> sysfs_text(const Root& root, const std::string& name) {
  const std::filesystem::path events = kPmuDevices / cpu_pmu_name(root) / "events";
  if (auto text = root.text(events / name)) return text;
  for (const auto& [perf, sysfs] : kSysfsNames)
    if (name == perf) return root.text(events / sysfs);
  return std::nullopt;
}

}  // namespace

HardwareEvent hardware_event(const Root& root, const std::string& cpu, const EventRequest& request) {
  if (request.type == PERF_TYPE_RAW) return describe_code(root, cpu, request.config);
  if (cpu_pmu_name(root).empty()) return {};
  if (const auto text = sysfs_text(root, request.name)) {
    const auto code = only_code(*text);
    return code ? describe_code(root, cpu, *code) : HardwareEvent{*text, std::nullopt, ""};
  }
  const auto portable = find_portable(cpu, request.name);
  return portable ? describe_code(root, cpu, portable->code) : HardwareEvent{};
}

std::optional<std::uint64_t> raw_code(std::string_view name) {
  return name.size() <= 17 && name.starts_with('r') ? parse_hex(name.substr(1)) : std::nullopt;
}

std::optional<int> power_pmc(std::uint64_t code) {
  const int pmc = static_cast<int>((code >> 16) & 0xf);
  return pmc >= 1 && pmc <= 6 ? std::optional(pmc) : std::nullopt;
}

std::string cpu_pmu_name(const Root& root) {
  for (const std::string& name : root.names(kPmuDevices))
    if (name == "cpu" || name == "cpu_core" || name.starts_with("armv8_")) return name;
  return "";
}

}  // namespace pw
