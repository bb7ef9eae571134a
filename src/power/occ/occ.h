// SPDX-License-Identifier: GPL-3.0-or-later
// The power sensors of POWER9 and POWER10 On-Chip Controllers, in-band: energy from accumulators that the OCC
// adds to every 500 us.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

inline constexpr const char* kOccFile = "/sys/firmware/opal/exports/occ_inband_sensors";

extern const PowerKind kOccPower;

// Opens `file` and reads once. Errors (not_possible): it is missing or may not be read; no OCC in it is
// valid, or none has a power sensor.
Result<std::unique_ptr<PowerReader>> open_occ(const std::string& file, double rate_hz);

}  // namespace pw
