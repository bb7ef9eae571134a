// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "base/units.h"

namespace pw {

// What a region's begin and end take here and now, together; nothing where that cannot be measured.
std::optional<Nanoseconds> cost_of_mark();

}  // namespace pw
