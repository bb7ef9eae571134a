// SPDX-License-Identifier: GPL-3.0-or-later
// Power from a Redfish service (DMTF DSP0266), a BMC's as a rule.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "base/units.h"
#include "power/http/http.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"
#include "power/redfish/address.h"

namespace pw {

extern const PowerKind kRedfishPower;

// Logs in, finds what tells watts and reads once. Errors (not_possible): what the service or the network
// said. `transient` is set where trying again may help (busy, slow).
Result<std::unique_ptr<PowerReader>> open_redfish(const RedfishAddress& address, std::string_view password,
                                                  double rate_hz, bool& transient);

// The same through a connection that is there already; `now`: CLOCK_MONOTONIC.
Result<std::unique_ptr<PowerReader>> open_redfish_over(std::unique_ptr<HttpClient> http,
                                                       const RedfishAddress& address,
                                                       std::string_view password, double rate_hz,
                                                       bool& transient, Nanoseconds (*now)());

}  // namespace pw
