// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "power/redfish/channels.h"
#include "power/redfish/session.h"

namespace pw {

// Adds a channel for each power supply that tells its watts. Power has them all in one answer; PowerSubsystem
// has a resource for each.
void add_supplies(RedfishSession& session, const Json& chassis, RedfishFound& found);

// Adds the history of the chassis' power supplies, where they keep one: of the sum of what `scope` draws,
// unless a supply that is there has none; and of each, where `each`.
void add_history(RedfishSession& session, const Json& chassis, const std::string& scope, bool each,
                 RedfishFound& found);

}  // namespace pw
