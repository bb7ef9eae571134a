// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine can measure, what is missing, how to get it.
#pragma once

#include <functional>
#include <string_view>

#include "doctor/check_result.h"

namespace pw {

// Tells of each thing as it is looked at; a partition's own come first.
void examine(const std::function<void(std::string_view name, const CheckResult&)>& tell);

}  // namespace pw
