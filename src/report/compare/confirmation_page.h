// SPDX-License-Identifier: GPL-3.0-or-later
// What --confirm has found, between the first comparison and the one of the new recording.
#pragma once

#include <string>

#include "analyze/compare/confirmation.h"
#include "report/text/page.h"

namespace pw {

std::string confirmation_text(const Confirmation& confirmation, const TextStyle& style);
std::string confirmation_markdown(const Confirmation& confirmation);

// The JSON of the first comparison with a member `confirmation`, which has that of the new one: `again`, ""
// where there is none.
std::string confirmation_json(const Confirmation& confirmation, const std::string& first,
                              const std::string& again);

}  // namespace pw
