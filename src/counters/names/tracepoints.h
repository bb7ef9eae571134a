// SPDX-License-Identifier: GPL-3.0-or-later
// The tracepoints that the kernel shows in tracefs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "counters/names/event_request.h"
#include "os/root.h"

namespace pw {

// "system:name"; nothing where there is none, or where we may not see it.
std::optional<EventRequest> find_tracepoint(const Root& root, const std::string& name);

// Every one as "system:name", sorted.
std::vector<std::string> tracepoint_names(const Root& root);

// Why none can be looked up, and what would change that: tracefs is not mounted, or not readable by us. ""
// where they can.
std::string why_no_tracepoints(const Root& root);

}  // namespace pw
