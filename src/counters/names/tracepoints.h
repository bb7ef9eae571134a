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

}  // namespace pw
