// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analyze/compare/variant_table.h"
#include "report/text/page.h"

namespace pw {

// What a recording with variants says, for a terminal: a line each, with its speed and energy relative to its
// reference, and which findings apply to which.
std::string variants_text(const Recording& recording, const Analysis& analysis, const VariantTable& table,
                          const TextStyle& style);

// Which is fastest, and which takes the least energy, or that it cannot be told; what speaks against it.
// Labels as recorded.
std::string variants_sentence(const Recording& recording, const VariantTable& table);
bool with_care(const Recording& recording, const VariantTable& table);  // something does

}  // namespace pw
