// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace pw {

// Ctrl-C, SIGTERM and SIGHUP remove the folder before they end the process, where nothing else was settled
// for them.
void remove_at_signals(const std::string& folder);
void keep_at_signals(const std::string& folder);

}  // namespace pw
