// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

namespace pw {

// The fewest sets that cover the items 0..count-1 so that fits(set) holds for each. fits must be true for
// every single item, and true for every subset of a set that fits. Exact up to kExactItems items (branch and
// bound over maximal sets) and then spread: of such sets, those whose largest is smallest. Beyond that
// first-fit, which may take more sets than needed. Sets are sorted, and ordered by their first item.
inline constexpr int kExactItems = 12;
using Sets = std::vector<std::vector<int>>;
Sets fewest_passes(int count, const std::function<bool(const std::vector<int>&)>& fits);

}  // namespace pw
