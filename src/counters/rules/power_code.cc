// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/rules/power_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace pw {
namespace {

constexpr std::uint64_t bits(std::uint64_t code, int low, int count) {
  return (code >> low) & ((std::uint64_t{1} << count) - 1);
}

constexpr std::uint64_t bit_range(int low, int high) {
  return bits(~std::uint64_t{0}, 0, high - low + 1) << low;
}

constexpr std::uint64_t kRunInstructions = 0x500fa, kRunCycles = 0x600f4;
constexpr std::uint64_t kBranchFilter = bit_range(60, 61);  // of sampled branches; no matter here
constexpr std::uint64_t kNeedsOtherAttributes = bit_range(62, 63);

// A bit per sampling mode that is reserved.
constexpr std::uint32_t kReservedSampling =
    0x8888'8888U | 1U << 0x5 | 1U << 0x9 | 1U << 0xd | 1U << 0x19 | 1U << 0x1a | 1U << 0x1d | 1U << 0x1e;

struct Limits {
  std::uint64_t unknown_bits;
  std::uint32_t reserved_sampling;
};

constexpr Limits limits_of(PowerCpu cpu) {
  switch (cpu) {
    case PowerCpu::power8:
      return {bit_range(9, 10) | bit_range(50, 59) | kNeedsOtherAttributes, 0};
    case PowerCpu::power9:
      return {bit_range(9, 9) | bit_range(52, 59) | kNeedsOtherAttributes, kReservedSampling | 1U << 0xc};
    default:
      return {kNeedsOtherAttributes, kReservedSampling | 1U << 0x10};
  }
}

using Pair = std::pair<std::uint64_t, std::uint64_t>;

constexpr Pair kPower8Pairs[] = {
    {0x20036, 0x40036}, {0x10138, 0x40138}, {0x1e054, 0x4000a}, {0x200f2, 0x300f2},
    {0x18082, 0x3e05e}, {0x3e054, 0x400f0}, {0x1d14e, 0x401e8}, {0x2013c, 0x3012e},
    {0x10134, 0x301e2}, {0x200f4, 0x600f4}, {0x400fa, 0x500fa},
};
constexpr Pair kPower9Pairs[] = {
    {0x20036, 0x40036}, {0x200f2, 0x300f2}, {0x200f4, 0x600f4}, {0x3e054, 0x400f0}, {0x400fa, 0x500fa}};
// A task's cycles and instructions are counted only while it runs: the same as the run-latch events.
constexpr Pair kRunPairs[] = {{0x1e, 0x600f4}, {0x2, 0x500fa}};

std::span<const Pair> pairs_of(PowerCpu cpu) {
  if (cpu == PowerCpu::power8) return kPower8Pairs;
  if (cpu == PowerCpu::power9) return kPower9Pairs;
  return {};
}

void add_partners(std::vector<std::uint64_t>& codes, std::span<const Pair> pairs) {
  for (std::size_t i = 0; i < codes.size(); ++i)
    for (const auto& [a, b] : pairs) {
      const std::uint64_t partner = codes[i] == a ? b : a;
      if ((codes[i] == a || codes[i] == b) && std::ranges::find(codes, partner) == codes.end())
        codes.push_back(partner);
    }
}

// A number of 10 bits with an exponent of three: one that could be written with a smaller exponent is none.
bool is_threshold_number(std::uint64_t code) { return bits(code, 47, 3) == 0 || bits(code, 45, 2) != 0; }

// POWER8's two events that count a kind of answer from the fabric, given where others have their threshold.
bool matches_fabric(std::uint64_t code) {
  const std::uint64_t event = code & 0xff0fe;
  return event == 0x30056 || event == 0x4f052;
}

std::string why_not(PowerCpu cpu, std::uint64_t code) {
  const auto [unknown, reserved_sampling] = limits_of(cpu);
  const int pmc = static_cast<int>(bits(code, 16, 4));
  if (pmc > 6) return fmt::format("there is no PMC{}", pmc);
  if (pmc > 4 && (code & ~kBranchFilter) != kRunInstructions && (code & ~kBranchFilter) != kRunCycles)
    return "PMC5 counts only 0x500fa and PMC6 only 0x600f4";
  if (code & unknown) return fmt::format("the kernel knows no event with bits 0x{:x}", code & unknown);
  if (reserved_sampling >> bits(code, 24, 5) & 1) return "its sampling mode is reserved";
  if (cpu != PowerCpu::power8 && (bits(code, 32, 4) == 0xf || bits(code, 36, 4) == 0xf))
    return "its threshold starts or stops at a reserved event";
  return "";
}

// Whether the event's threshold settings must be the group's.
bool wants_threshold(PowerCpu cpu, std::uint64_t code) {
  return cpu == PowerCpu::power8 ? !matches_fabric(code) : bits(code, 29, 3) != 0;
}

tl::expected<CodeWants, std::string> wants_of_cache_unit(PowerCpu cpu, std::uint64_t code, CodeWants wants) {
  wants.cache_unit = true;
  if (cpu == PowerCpu::power8 && bits(code, 20, 3) != 0)
    return tl::unexpected<std::string>("only a hypervisor can select its part of the cache");
  if (cpu == PowerCpu::power9)
    wants.at(Shared::cache_selector) = static_cast<std::uint32_t>(bits(code, 0, 8));
  if (cpu == PowerCpu::power10 && bits(code, 12, 4) == 6)
    wants.at(Shared::l2_group) = static_cast<std::uint32_t>(bits(code, 40, 5));
  return wants;
}

}  // namespace

std::optional<PowerCpu> power_cpu(std::string_view key) {
  if (key == "power8") return PowerCpu::power8;
  if (key == "power9") return PowerCpu::power9;
  if (key == "power10") return PowerCpu::power10;
  return std::nullopt;
}

std::vector<std::uint64_t> alternatives(PowerCpu cpu, std::uint64_t code) {
  std::vector<std::uint64_t> codes = {code};
  add_partners(codes, pairs_of(cpu));
  add_partners(codes, kRunPairs);
  return codes;
}

tl::expected<CodeWants, std::string> decode(PowerCpu cpu, std::uint64_t code) {
  if (std::string reason = why_not(cpu, code); !reason.empty()) return tl::unexpected(std::move(reason));
  CodeWants wants;
  wants.pmc = static_cast<int>(bits(code, 16, 4));
  if (wants.pmc > 4) return wants;
  const auto take = [&](Shared setting, int low, int count) {
    wants.at(setting) = static_cast<std::uint32_t>(bits(code, low, count));
  };
  if (cpu == PowerCpu::power10) take(Shared::radix, 9, 1);
  if (bits(code, 8, 1)) take(Shared::sampling, 24, 5);
  if (cpu == PowerCpu::power8 && matches_fabric(code)) take(Shared::fabric, 32, 8);
  if (wants_threshold(cpu, code)) {
    if (cpu != PowerCpu::power10 && !is_threshold_number(code))
      return tl::unexpected<std::string>("its threshold is no number");
    take(Shared::threshold, 29, cpu == PowerCpu::power10 ? 11 : 21);
  }
  const std::uint64_t unit = bits(code, 12, 4);
  if (unit >= 6 && unit <= 9) return wants_of_cache_unit(cpu, code, wants);
  if (cpu != PowerCpu::power8 || bits(code, 22, 1)) take(Shared::l1_qualifier, 20, 2);
  return wants;
}

}  // namespace pw
