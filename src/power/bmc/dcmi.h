// SPDX-License-Identifier: GPL-3.0-or-later
// IPMI DCMI Get Power Reading (DCMI 1.5, 6.6.1) through libfreeipmi.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "power/bmc/dcmi_address.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

extern const PowerKind kDcmiPower;

// Opens the device (through the OpenIPMI driver only) or one RMCP+ session, and reads once. Errors
// (not_possible): what the BMC or the system said. `transient` is set where trying again may help (busy,
// slow).
Result<std::unique_ptr<PowerReader>> open_dcmi(const DcmiAddress& address, std::string_view password,
                                               double rate_hz, bool& transient);

// Whether the in-band device is there and may be opened.
Result<> dcmi_in_band_usable();

}  // namespace pw
