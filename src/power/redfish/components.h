// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a machine whose power an OCC tells an eBMC: named sensors of the chassis.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "power/redfish/channels.h"
#include "power/redfish/session.h"

namespace pw {

// What a sensor of that Id measures: "socket 0" of "p0_power" or "power_p0_power". Nothing: it is no part, or
// not known.
std::optional<std::string> component_scope(std::string_view id);

// Adds a channel for each such sensor of the chassis at `path` that tells watts.
void add_components(RedfishSession& session, const Json& chassis, const std::string& path,
                    RedfishFound& found);

}  // namespace pw
