// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands share.
#pragma once

#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"

namespace pw {

inline constexpr int kCtrlC = 130;  // the exit status of what Ctrl-C ended

inline constexpr const char* kStrictHelp =
    "refuse where a source of --power, or a part of one, cannot be read";

}  // namespace pw
