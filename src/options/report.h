// SPDX-License-Identifier: GPL-3.0-or-later
// What both programs say on stderr, one line each.
#pragma once

#include <string>

#include "base/result.h"

namespace pw {

// "perfwatt: where: what; hint". The exit status of its kind.
int report_error(const Error& error);

// "perfwatt: text": what is done that the user may not expect.
void note(const std::string& text);

// "perfwatt: warning: text".
void warn(const std::string& text);

}  // namespace pw
