// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace pw {

// Each metric of this machine's CPU with `pattern` in its key: key, title, unit, formula, meaning, and
// whether its events can be counted here. The exit status.
int list_metrics(const std::string& pattern);

}  // namespace pw
