// SPDX-License-Identifier: GPL-3.0-or-later
// What stands behind a portable event name on this machine, as the kernel's PMU driver tells it in sysfs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "counters/names/event_request.h"
#include "os/root.h"

namespace pw {

struct HardwareEvent {
  std::string text;  // "PM_CMPLU_STALL 0x1e054", or sysfs's own "event=0xc0"; "" where unknown
  std::optional<std::uint64_t> code;  // the raw code, where there is one number
  std::string meaning;                // as data/events has it; "" where unknown
};

// `request`: of the CPU's own PMU. By its raw code, else as the CPU's PMU names it in sysfs, else as
// data/events says for `cpu`.
HardwareEvent hardware_event(const Root& root, const std::string& cpu, const EventRequest& request);

// rNNN, a raw code in hexadecimal as perf has it.
std::optional<std::uint64_t> raw_code(std::string_view name);

// The counter (1 to 6) that a POWER7-to-POWER11 raw code is bound to; nothing where any will do. Bits 16-19
// of the code (Power ISA processors' "pmc" field: /sys/bus/event_source/devices/cpu/format/pmc).
std::optional<int> power_pmc(std::uint64_t code);

// The PMU of the CPU in sysfs: "cpu" on x86 and POWER, "armv8_..." on arm64; "" where the kernel shows none.
std::string cpu_pmu_name(const Root& root);

}  // namespace pw
