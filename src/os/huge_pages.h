// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace pw {

// Asks for huge pages for memory that is not yet written to: a page fault for each 2 MiB instead of each 4
// KiB. The kernel may not have any.
void prefer_huge_pages(void* memory, std::size_t bytes);

// From now on what the program frees stays with it: where large arrays are made and dropped in turns, the
// kernel need not make their pages each time.
void keep_freed_memory();

}  // namespace pw
