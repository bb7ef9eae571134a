// SPDX-License-Identifier: GPL-3.0-or-later
// What to know of a channel besides its numbers, in sentences.
#pragma once

#include <string>
#include <vector>

#include "analyze/power/curve.h"
#include "analyze/power/idle.h"

namespace pw {

// `watts`: with its lag and smear.
std::vector<std::string> doubts_of(const Curve& watts, const IdleLevels& idle);

}  // namespace pw
