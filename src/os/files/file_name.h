// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pw {

inline constexpr std::size_t kMostName = 60;  // bytes of a name

// "cpu/x_y/" -> "cpu-x-y": a name for a file out of what a stranger may have written, of [a-z0-9-] alone;
// "event" where nothing is left.
std::string file_name(std::string_view text);

}  // namespace pw
