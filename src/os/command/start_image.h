// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace pw {

// The program of start_main.c, as cmake/start_image.cmake puts it into this one.
std::span<const char> start_image();

}  // namespace pw
