// SPDX-License-Identifier: GPL-3.0-or-later
// Event names by libpfm4, which is loaded when a name is looked up, and may be absent.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "counters/names/event_request.h"

namespace pw {

// "PM_CMPLU_STALL", "RETIRED_INSTRUCTIONS:ALL", "ix86arch::UNHALTED_CORE_CYCLES". Errors:
// Failure::not_possible where libpfm4 is not installed or perfwatt was built without it, Failure::input for a
// name it does not know.
Result<EventRequest> libpfm4_event(const std::string& name);

}  // namespace pw
