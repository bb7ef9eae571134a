// SPDX-License-Identifier: GPL-3.0-or-later
// Energy and power of the kernel's hwmon devices: ibmpowernv, ACPI power meters, SCMI, INA chips, ...
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "power/reader/power_kind.h"
#include "power/sysfs/sysfs_reader.h"

namespace pw {

inline constexpr const char* kHwmonFolder = "/sys/class/hwmon";

extern const PowerKind kHwmonPower;

// energyN_input, and of what has none powerN_input, or powerN_average. What ibmpowernv calls "Chip 0" and
// "Chip 8" are "socket 0" and "socket 1": sockets are numbered in the order of their chips.
std::vector<SysfsSensor> hwmon_sensors(const std::filesystem::path& folder);

Result<std::unique_ptr<PowerReader>> open_hwmon(const std::string& folder, double rate_hz);

}  // namespace pw
