// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pw {

// A region's path in so many columns, printable: its last part says most, so that the first is left out.
std::string short_path(std::string_view path, std::size_t longest = 36);

}  // namespace pw
