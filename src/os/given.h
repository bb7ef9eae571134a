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

}  // namespace pw
