// SPDX-License-Identifier: GPL-3.0-or-later
// Words in which {NAME} stands for a value.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/experiment.h"

namespace pw {

// `text` with each {NAME} replaced by its value, and {{ and }} by a brace. Without values all stays as it is.
// Errors (input): no such name. A brace with anything else behind it is one.
Result<std::string> filled(std::string_view text, std::span<const Fact> values);
Result<std::vector<std::string>> filled(const std::vector<std::string>& words, std::span<const Fact> values);

}  // namespace pw
