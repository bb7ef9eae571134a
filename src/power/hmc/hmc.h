// SPDX-License-Identifier: GPL-3.0-or-later
// Power of a PowerVM server from its Hardware Management Console (REST).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "power/hmc/address.h"
#include "power/http/http.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

extern const PowerKind kHmcPower;

// Logs on, finds the server and the partition (the address', else `own`), and reads one mean. Through
// connections that are there already, in the order in which they are tried; `now`: CLOCK_MONOTONIC. Errors
// (not_possible): what the console or the network said. `transient` is set where trying again may help.
Result<std::unique_ptr<PowerReader>> open_hmc_over(std::vector<std::unique_ptr<HttpClient>> ways,
                                                   const HmcAddress& address, std::string_view password,
                                                   const std::string& own, double rate_hz, bool& transient,
                                                   Nanoseconds (*now)());

}  // namespace pw
