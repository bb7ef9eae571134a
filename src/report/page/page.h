// SPDX-License-Identifier: GPL-3.0-or-later
// One HTML page that explains recordings: a template of report-ui/ with their analysis in it as JSON.
#pragma once

#include <string>

#include "base/result.h"
#include "export/export.h"
#include "export/output.h"
#include "report/page/page_input.h"

namespace pw {

// Fails (not_possible) where this perfwatt was built without its template.
Result<> page_possible();
// What every page begins with: so an older one is known.
std::string page_beginning();

void write_page(Output& out, const PageInput& input);

// Into a file of this name, or "-" for stdout; `option` named it. It replaces an older page, and no file of
// another program's (an error: input).
Result<> write_page_file(const std::string& out, const PageInput& input, const std::string& option);

}  // namespace pw
