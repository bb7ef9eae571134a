// SPDX-License-Identifier: GPL-3.0-or-later
// What a raw event code of a POWER CPU wants of the PMU. In our own words, from the kernel's answers
// (testdata/) and the field descriptions in /sys/bus/event_source/devices/cpu/format.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace pw {

// Settings that the events of a group share: where two events want different values, one of them must wait.
enum class Shared { l1_qualifier, sampling, threshold, fabric, cache_selector, l2_group, radix, count };

struct CodeWants {
  int pmc = 0;  // 1 to 6; 0: any of 1 to 4
  bool cache_unit = false;
  std::array<std::optional<std::uint32_t>, static_cast<std::size_t>(Shared::count)> shared;

  std::optional<std::uint32_t>& at(Shared setting) { return shared[static_cast<std::size_t>(setting)]; }
};

enum class PowerCpu { power8, power9, power10 };

std::optional<PowerCpu> power_cpu(std::string_view key);

// The error says why no kernel counts `code` on this CPU.
tl::expected<CodeWants, std::string> decode(PowerCpu cpu, std::uint64_t code);

// `code`, and the codes that the kernel may count in its place, because they count the same on another PMC.
std::vector<std::uint64_t> alternatives(PowerCpu cpu, std::uint64_t code);

}  // namespace pw
