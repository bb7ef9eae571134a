// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

namespace pw {

using Sets = std::vector<std::vector<int>>;  // of items 0..count-1
// True for every single item, and for every subset of a set that fits.
using Fits = std::function<bool(const std::vector<int>&)>;

struct PassSearch {
  Sets sets;
  int at_least = 0;  // no fewer sets are possible
};

}  // namespace pw
