// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pw {

// `perfwatt rank`. argv[0] is the command's name; the result is the exit status.
int rank_command(int argc, char** argv);

}  // namespace pw
