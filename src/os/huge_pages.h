// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace pw {

// Asks for huge pages for memory that is not yet written to: a page fault for each 2 MiB instead of each 4
// KiB. The kernel may not have any.
void prefer_huge_pages(void* memory, std::size_t bytes);

}  // namespace pw
