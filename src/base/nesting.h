// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace pw {

// Whether the brackets of a JSON text, those in strings apart, stand deeper than `most` within each other.
// Without recursion: a parser's own objects are built and freed recursively, and a stranger's text can end
// its stack.
bool nests_deeper(std::string_view json, std::size_t most);

}  // namespace pw
