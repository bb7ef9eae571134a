// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace pw {

// Who marks regions, each with `pattern` in its name: what it sees, where it works, what it costs, and
// whether it can be used here. The exit status.
int list_regions(const std::string& pattern);

}  // namespace pw
