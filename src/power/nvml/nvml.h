// SPDX-License-Identifier: GPL-3.0-or-later
// NVIDIA boards through NVML, which is loaded when it is first used.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

inline constexpr const char* kNvmlLibrary = "libnvidia-ml.so.1";

extern const PowerKind kNvmlPower;

// A channel per board: its energy counter, or its watts where it has none.
Result<std::unique_ptr<PowerReader>> open_nvml(const std::string& library, double rate_hz);

}  // namespace pw
