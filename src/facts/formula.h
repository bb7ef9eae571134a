// SPDX-License-Identifier: GPL-3.0-or-later
// Formulas of metrics: numbers, symbols, + - * /, parentheses, min(a, b, ...), max(a, b, ...).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pw {

// The value of a symbol; nothing where it is unknown.
using OperandValue = std::function<std::optional<double>(std::string_view symbol)>;

// Errors: Failure::input where the text is no formula (what: the reason, where: the text).
// Failure::measurement where there is no number: what is "unknown operand" or "division by zero", where the
// symbol or the divisor.
Result<double> evaluate(std::string_view formula, const OperandValue& operand);

// Each symbol once, in the order in which they stand. Malformed text gives what can be found in it.
std::vector<std::string> formula_symbols(std::string_view formula);

}  // namespace pw
