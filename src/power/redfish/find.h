// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "power/redfish/channels.h"
#include "power/redfish/session.h"

namespace pw {

// The chassis and the resource that tell watts, in the order EnvironmentMetrics, Power, Sensors. Where
// several chassis do, that which no other contains. Errors (not_possible).
Result<RedfishFound> find_redfish_power(RedfishSession& session, const RedfishAddress& address);

}  // namespace pw
