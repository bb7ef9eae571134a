// SPDX-License-Identifier: GPL-3.0-or-later
// csv:FILE, a meter's log that another program appends to. docs/power-meters.md has the protocol.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/units.h"
#include "power/meter/address.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

extern const PowerKind kCsvPower;

// Reads on from the file's end; rows that are there already count where their time is still to come and no
// line comes behind them.
Result<std::unique_ptr<PowerReader>> open_csv(const MeterAddress& meter, double rate_hz,
                                              Nanoseconds patience);

}  // namespace pw
