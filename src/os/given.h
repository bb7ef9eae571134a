// SPDX-License-Identifier: GPL-3.0-or-later
// The descriptors that this program was started with.
#pragma once

#include <span>

namespace pw {

// Standard input, output and error that are closed become /dev/null, which cannot be written to: no file of
// ours gets their numbers, and what is printed there still fails. First thing in main().
void hold_standard_descriptors();

// In a child, before exec: every descriptor but those that this program was given, and `kept`, is closed by
// the exec. Async-signal-safe.
void close_own_descriptors_on_exec(std::span<const int> kept);

// Closes those that this program was given, but for standard error; standard input and output become
// /dev/null. Where a child has them, their other ends hear of its end, and not of ours.
void close_given_descriptors();

}  // namespace pw
