// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges of numbers: "1..8", "10..30+5", "1..64*2".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pw {

// Whether `text` is meant for one: a number before "..".
bool is_range(std::string_view text);

// Upwards, as many as kMostVariants. Errors (input): no number, a step that leads nowhere.
Result<std::vector<std::string>> values_of_range(const std::string& text);

}  // namespace pw
