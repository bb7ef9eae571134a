// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "facts/findings.h"
#include "facts/formula.h"

namespace pw {

// The numbers of a rule's inputs by their symbols. Both must outlive it.
OperandValue operands(const FindingRule& rule, const std::vector<InputValue>& values);

// `text` with each {FORMULA:FORMAT} as it comes out: "unknown" where it has no value. FORMAT is a number of
// decimals or `si`; without one, whole numbers and those from 1000 on are whole, others have four digits. A
// symbol whose input is a text stands for that.
std::string filled_in(std::string_view text, const FindingRule& rule, const std::vector<InputValue>& values);

}  // namespace pw
