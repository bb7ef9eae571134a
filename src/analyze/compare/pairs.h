// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "analyze/compare/compare_input.h"
#include "analyze/series/series.h"

namespace pw {

// Makes the values of the tests that both sides have the pairs of `input`.
void take_pairs(std::span<const TestValue> before, std::span<const TestValue> after, CompareInput& input);

}  // namespace pw
