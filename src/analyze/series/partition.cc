// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/partition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "analyze/series/machine_states.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kTick = 0.01;  // s: USER_HZ is 100 on every architecture that perfwatt knows

tl::unexpected<std::string> unknown(std::string why) { return tl::unexpected(std::move(why)); }

bool is_register(std::string_view key) { return key == "cpu_purr" || key == "cpu_spurr"; }

// Modulo 2^64, as the kernel prints it: hexadecimal of registers, else decimal and past 2^63 negative.
std::optional<std::uint64_t> counter(const MachineState& state, std::string_view key) {
  const auto text = state_text(state, key);
  if (!text) return std::nullopt;
  if (is_register(key)) return parse_hex(*text);
  const auto number = parse_integer(*text);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

bool has(const Execution& execution, std::string_view key) {
  return counter(execution.before, key) && counter(execution.after, key);
}

Known risen(const Execution& execution, std::string_view key) {
  const auto before = counter(execution.before, key), after = counter(execution.after, key);
  if (!before || !after) return unknown(fmt::format("{} was not read before and after", key));
  const auto by = static_cast<std::int64_t>(*after - *before);
  if (by < 0) return unknown(fmt::format("{} went back", key));
  return static_cast<double>(by);
}

Known ratio(const Known& part, const Known& whole) {
  if (!part) return part;
  if (!whole) return whole;
  if (*whole <= 0) return unknown("no time passed");
  return *part / *whole;
}

// The machine's facts where all is well.
constexpr std::string_view kReadable[] = {"with purr and tbr", "of each CPU"};

// "lparcfg: absent: ...", of what the machine's fact of that name tells.
std::string why_not_read(const Recording& recording, std::string_view fact) {
  const auto said = state_text(recording.machine, fact);
  if (!said) return fmt::format("{} was not recorded", fact);
  const bool readable = std::ranges::count(kReadable, *said) > 0;
  return readable ? fmt::format("{} does not tell it", fact) : fmt::format("{}: {}", fact, *said);
}

// Sums over the CPUs online mean nothing where these are others afterwards.
bool same_cpus(const Execution& execution) {
  return state_text(execution.before, "cpus_online") == state_text(execution.after, "cpus_online");
}

Known by_registers(const Recording& recording, const Execution& execution) {
  const auto hertz = state_number(recording.machine, "timebase_hz");
  if (!hertz || *hertz <= 0) return unknown("the timebase's frequency is unknown");
  const Known nanoseconds = risen(execution, "cpu_purr_ns");
  if (!nanoseconds) return nanoseconds;
  return ratio(risen(execution, "cpu_purr"), *nanoseconds * 1e-9 * *hertz);
}

// Hundredths of a core; the same before and after.
Known entitlement(const Recording& recording, const Execution& execution) {
  const auto before = state_number(execution.before, "lparcfg_entitlement"),
             after = state_number(execution.after, "lparcfg_entitlement");
  if (!before || !after) return unknown(why_not_read(recording, "lparcfg"));
  if (*before != *after) return unknown("the entitlement changed in mid-execution");
  if (*before <= 0) return unknown("the partition is entitled to nothing");
  return *before;
}

Known of_lparcfg(const Recording& recording, const Execution& execution, std::string_view key) {
  return has(execution, key) ? risen(execution, key) : unknown(why_not_read(recording, "lparcfg"));
}

constexpr GivenQuantity kQuantities[] = {
    {"cores-consumed", "cores_consumed", "cores", cores_consumed},
    {"entitlement-share", "entitlement_share", "%", entitlement_share},
    {"steal", "steal_s", "s", steal_seconds},
    {"effective-frequency", "effective_mhz", "MHz", effective_frequency},
    {"dispatches", "dispatches", "", dispatches},
    {"dispersions", "dispersions", "", dispersions},
};

}  // namespace

Known cores_consumed(const Recording& recording, const Execution& execution) {
  if (!same_cpus(execution)) return unknown("CPUs went on- or offline in mid-execution");
  if (has(execution, "lparcfg_purr") && has(execution, "lparcfg_tbr"))
    return ratio(risen(execution, "lparcfg_purr"), risen(execution, "lparcfg_tbr"));
  if (has(execution, "cpu_purr")) return by_registers(recording, execution);
  const bool partition = state_text(recording.machine, "lparcfg").has_value();
  return unknown((partition ? why_not_read(recording, "lparcfg") + "; " : "") +
                 why_not_read(recording, "purr"));
}

Known core_seconds(const Recording& recording, const Execution& execution) {
  const Known cores = cores_consumed(recording, execution);
  return cores ? Known(*cores * to_seconds(execution.end - execution.begin).value) : cores;
}

Known entitlement_share(const Recording& recording, const Execution& execution) {
  const Known entitled = entitlement(recording, execution), cores = cores_consumed(recording, execution);
  if (!entitled || !cores) return entitled ? cores : entitled;
  return 100 * *cores / (*entitled / 100);
}

Known steal_seconds(const Recording&, const Execution& execution) {
  const Known ticks = risen(execution, "steal_ticks");
  return ticks ? Known(*ticks * kTick) : ticks;
}

Known effective_frequency(const Recording& recording, const Execution& execution) {
  if (!same_cpus(execution)) return unknown("CPUs went on- or offline in mid-execution");
  if (!has(execution, "cpu_purr")) return unknown(why_not_read(recording, "purr"));
  const auto clock = state_number(recording.machine, "clock_mhz");
  if (!clock) return unknown("the nominal clock is unknown");
  const Known speed = ratio(risen(execution, "cpu_spurr"), risen(execution, "cpu_purr"));
  return speed ? Known(*speed * *clock) : speed;
}

Known dispatches(const Recording& recording, const Execution& execution) {
  return of_lparcfg(recording, execution, "lparcfg_dispatches");
}

Known dispersions(const Recording& recording, const Execution& execution) {
  return of_lparcfg(recording, execution, "lparcfg_dispersions");
}

std::span<const GivenQuantity> given_quantities() { return kQuantities; }

std::string doubt_of(const Recording& recording, const GivenQuantity& quantity) {
  const auto none = [](const Execution& one) {
    return state_text(one.after, "steal_ticks").value_or("0") == "0";
  };
  if (quantity.value != steal_seconds || !under_hypervisor(recording)) return "";
  return std::ranges::all_of(recording.executions, none)
             ? "none since the machine was started: not every hypervisor tells it"
             : "";
}

bool under_hypervisor(const Recording& recording) {
  return state_text(recording.machine, "hypervisor").has_value();
}

// lparcfg is a fact of partitions alone, purr of POWER: there a reason says what is unknown.
bool has_quantity(const Recording& recording, const GivenQuantity& quantity) {
  if (quantity.value == cores_consumed) return state_text(recording.machine, "purr").has_value();
  if (quantity.value != steal_seconds) return state_text(recording.machine, "lparcfg").has_value();
  return std::ranges::any_of(recording.executions, [](const Execution& one) {
    return state_text(one.before, "steal_ticks").has_value();
  });
}

}  // namespace pw
