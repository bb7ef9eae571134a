// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace pw {

// Asks for huge pages under memory that is about to be filled: a fault for each 2 MB instead of each page. A
// hint, which not every kernel takes; what is in the memory stays.
void prefer_huge_pages(void* begin, std::size_t bytes);

}  // namespace pw
