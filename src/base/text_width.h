// SPDX-License-Identifier: GPL-3.0-or-later
// How much room UTF-8 text takes: a code point is a column (wide characters count as one).
#pragma once

#include <cstddef>
#include <string_view>

namespace pw {

std::size_t columns(std::string_view text);

// The bytes of its first `count` columns.
std::size_t bytes_of(std::string_view text, std::size_t count);

}  // namespace pw
