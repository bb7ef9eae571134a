// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/recording.h"

namespace pw {

// "rank 3 of 8", "ranks 3, 5-7 of 64".
std::string ranks_text(std::span<const int> ranks, int size);

// Which ranks are missing, did not end, or failed first. `node`: of a rank; "": not known.
std::vector<std::string> rank_remarks(const Execution& execution,
                                      const std::function<std::string(int)>& node);

}  // namespace pw
