// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace pw {

// From now on what is printed to stderr waits for no reader, and is no error where there is none: it is kept
// for a little while, and then lost. At exit who reads still gets what was kept. Needs glibc; elsewhere
// nothing changes.
void never_wait_for_readers_of_messages();

// Bytes that nobody has read so far.
std::int64_t unread_messages();

}  // namespace pw
