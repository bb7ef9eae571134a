// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of findings say, on a terminal.
#pragma once

#include <span>
#include <string>

#include "analyze/findings/findings.h"
#include "report/text/page.h"

namespace pw {

// What `show --findings` prints: every rule, those that apply first.
std::string findings_page(std::span<const FindingOutcome> findings, const TextStyle& style);

}  // namespace pw
