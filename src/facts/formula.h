// SPDX-License-Identifier: GPL-3.0-or-later
// Formulas of metrics and findings: numbers, symbols, + - * /, parentheses, min(a, b, ...), max(a, b, ...);
// comparisons < <= > >= == !=, and not, and, or, which are 1 where they hold, else 0.
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

// What one side of `and` or `or` settles is known though the other is not: "0 and x" is 0, "1 or x" is 1.
// Errors: Failure::input where the text is no formula (what: the reason, where: the text).
// Failure::measurement where there is no number: what is "unknown operand" or "division by zero", where the
// first such symbol or divisor.
Result<double> evaluate(std::string_view formula, const OperandValue& operand);

// Each symbol once, in the order in which they stand. Malformed text gives what can be found in it.
std::vector<std::string> formula_symbols(std::string_view formula);

}  // namespace pw
