// SPDX-License-Identifier: GPL-3.0-or-later
// What a page compares.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/report/page_recordings.h"

namespace pw {

// Recordings before and after: with variants each of them with itself. Errors (input): no variant is on both
// sides.
Result<std::vector<PageComparison>> comparison_of_sides(const PageRecordings& all);

// Of each recording with variants those of it, against `reference` ("NAME=V"; "": the first). Errors (input):
// it is none, or all are.
Result<std::vector<PageComparison>> comparisons_of_variants(const PageRecordings& all,
                                                            const std::string& reference);

}  // namespace pw
