// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "power/redfish/find.h"

namespace pw {

// Adds a channel for each power supply that tells its watts. Power has them all in one answer; PowerSubsystem
// has a resource for each.
void add_supplies(RedfishSession& session, const Json& chassis, RedfishFound& found);

}  // namespace pw
