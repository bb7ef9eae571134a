// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands share: options, the terminal.
#pragma once

#include "options/options.h"
#include "options/report.h"

namespace pw {

inline constexpr int kCtrlC = 130;  // the exit status of what Ctrl-C ended

inline constexpr const char* kStrictHelp =
    "refuse where a source of --power, or a part of one, cannot be read";

bool on_terminal(int fd);
bool wants_colour(int fd);   // a terminal, and NO_COLOR is not set
int terminal_width(int fd);  // columns; 100 where it is no terminal

}  // namespace pw
