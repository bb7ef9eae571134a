// SPDX-License-Identifier: GPL-3.0-or-later
// exec:CMD, the program of a meter. docs/power-meters.md has the protocol.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/units.h"
#include "power/meter/address.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

extern const PowerKind kExecPower;

// /bin/sh -c COMMAND in a process group of its own, which ends with the reader or with perfwatt, however
// that ends. Its standard error is read, too.
Result<std::unique_ptr<PowerReader>> open_exec(const MeterAddress& meter, double rate_hz,
                                               Nanoseconds patience);

}  // namespace pw
