// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/experiment.h"

namespace pw {

// A folder's name for each variant, out of its label: "threads-2-batch-8", each of its own. {""} where there
// are no variants.
std::vector<std::string> variant_folders(const Experiment& experiment);

}  // namespace pw
