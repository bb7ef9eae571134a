// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace pw {

// Prints the events with `pattern` in their name or meaning: a part in any case, or a shell pattern with *
// and ? for the name. Without a pattern the CPU's own hundreds and the tracepoints are only counted. The exit
// status.
int list_events(const std::string& pattern);

}  // namespace pw
