// SPDX-License-Identifier: GPL-3.0-or-later
// The hardware's own events of POWER CPUs, and what perf's portable names count there: data/events.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

struct HardwareFact {
  std::string_view name;  // "PM_CMPLU_STALL"
  std::uint64_t code = 0;
  std::string_view meaning;
};

struct PortableFact {
  std::string_view name;      // "cycles"
  std::string_view hardware;  // "PM_CYC"
  std::uint64_t code = 0;
};

// The CPUs whose events are known: "power8", "power9", "power10".
std::span<const std::string_view> known_cpus();

// Whose events a CPU counts that has no list of its own: "power10" for "power11"; else `cpu`.
std::string_view counted_as(std::string_view cpu);
// As people write it, with all that count its events: "POWER9", "POWER10 and POWER11" for `word` "and".
std::string shown_cpu(std::string_view cpu, std::string_view word);

// Every event of a CPU, in the order of names; none where the CPU is unknown.
std::vector<HardwareFact> hardware_facts(std::string_view cpu);
std::vector<PortableFact> portable_facts(std::string_view cpu);

std::optional<HardwareFact> find_hardware(std::string_view cpu, std::string_view name);
std::optional<HardwareFact> hardware_of_code(std::string_view cpu, std::uint64_t code);
std::optional<PortableFact> find_portable(std::string_view cpu, std::string_view name);

}  // namespace pw
