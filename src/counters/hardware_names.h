// SPDX-License-Identifier: GPL-3.0-or-later
// What stands behind a portable event name on this machine, as the kernel's PMU driver tells it in sysfs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "os/root.h"

namespace pw {

struct HardwareEvent {
  std::string text;  // "PM_CMPLU_STALL 0x1e054", or sysfs's own "event=0xc0"; "" where unknown
  std::optional<std::uint64_t> code;  // the raw code, where sysfs gives one number
};

// `name`: an event of perf's, by its canonical name, or rNNN. Looks into
// /sys/bus/event_source/devices/cpu/events.
HardwareEvent hardware_event(const Root& root, const std::string& name);

// rNNN, a raw code in hexadecimal as perf has it.
std::optional<std::uint64_t> raw_code(std::string_view name);

// The counter (1 to 6) that a POWER7-to-POWER11 raw code is bound to; nothing where any will do. Bits 16-19
// of the code (Power ISA processors' "pmc" field: /sys/bus/event_source/devices/cpu/format/pmc).
std::optional<int> power_pmc(std::uint64_t code);

// Whether the kernel shows a PMU of the CPU at all.
bool has_cpu_pmu(const Root& root);

}  // namespace pw
