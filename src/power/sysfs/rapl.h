// SPDX-License-Identifier: GPL-3.0-or-later
// Running Average Power Limit: energy counters of x86 packages as the kernel's powercap zones.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "os/root.h"
#include "power/reader/power_kind.h"
#include "power/sysfs/sysfs_reader.h"

namespace pw {

inline constexpr const char* kPowercapFolder = "/sys/class/powercap";
inline constexpr Nanoseconds kRaplRefresh{1'000'000};  // Intel SDM volume 3, 15.10: about 1 ms

extern const PowerKind kRaplPower;

// The zones below `folder`: packages, dies, what lies within them, psys. Where intel-rapl has a zone, that of
// intel-rapl-mmio of the same name measures the same and is none of them.
std::vector<SysfsSensor> rapl_sensors(const std::filesystem::path& folder);

// What powercap's zone of that scope is limited to; everybody may read that.
std::optional<Watts> rapl_limit(const Root& root, const std::string& scope);

Result<std::unique_ptr<PowerReader>> open_rapl(const std::string& folder, double rate_hz);

}  // namespace pw
