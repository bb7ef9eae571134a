// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace pw {

// Raises the soft limit of open files (RLIMIT_NOFILE) to the hard one, for many counters.
void raise_open_files();

// Back to what it was: for a child, before exec. Async-signal-safe.
void restore_open_files();

// A high number that a child may give to a descriptor: within its limit, and unused here; -1: there is none.
int unused_descriptor();

// So many of them, each lower than the one before; fewer where there are no more.
std::vector<int> unused_descriptors(std::size_t count);

}  // namespace pw
