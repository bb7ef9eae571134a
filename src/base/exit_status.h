// SPDX-License-Identifier: GPL-3.0-or-later
// Exit statuses and signals in words.
#pragma once

#include <string>

namespace pw {

// "SIGSEGV", "SIGRTMIN+3"; "signal 99" where Linux has none of that number.
std::string signal_name(int number);

// Of a status as a shell has it: "exit status 7"; "exit status 139 (SIGSEGV)" where that signal ended it;
// "exit status 139 (128 + SIGSEGV)" where it is unknown or the program itself, a shell perhaps, ended with
// that. Only what is 128 and the number of a signal has one: 255 is a status like others.
std::string exit_text(int status, int signal = 0);

}  // namespace pw
