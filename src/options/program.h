// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pw {

// main() of both programs: `command` with messages that wait for no reader and are no error where they cannot
// be written, and full files as errors. Its exit status, or 1 where what it printed on stdout was lost.
int run_program(int argc, char** argv, int (*command)(int, char**));

}  // namespace pw
