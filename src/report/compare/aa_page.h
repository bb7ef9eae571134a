// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analyze/compare/aa.h"
#include "report/text/page.h"

namespace pw {

// A against A: a sentence a kind of comparison, the rows that claimed something, how far recordings are
// apart.
std::string aa_text(const Aa& aa, const TextStyle& style);
std::string aa_json(const Aa& aa);

}  // namespace pw
