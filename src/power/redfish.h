// SPDX-License-Identifier: GPL-3.0-or-later
// Power from a Redfish service (DMTF DSP0266), a BMC's as a rule.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "power/redfish_address.h"
#include "power/source.h"

namespace pw {

// Logs in, finds what tells watts and reads once. Errors (not_possible): what the service or the network
// said. `transient` is set where trying again may help (busy, slow).
Result<std::unique_ptr<PowerReader>> open_redfish(const RedfishAddress& address, const std::string& password,
                                                  double rate_hz, bool& transient);

}  // namespace pw
