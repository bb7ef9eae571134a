// SPDX-License-Identifier: GPL-3.0-or-later
// What `show --regions` prints.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "analyze/regions/region_analysis.h"
#include "report/regions/region_columns.h"
#include "report/text/page.h"

namespace pw {

enum class RegionOrder { tree, time, own, calls, mean };
std::optional<RegionOrder> region_order(std::string_view word);  // "tree", "time", "own", "calls", "mean"

struct RegionChoice {
  RegionOrder order = RegionOrder::tree;
  std::size_t top = 0;                     // rows; 0: all
  int depth = 0;                           // regions within each other; 0: all
  std::optional<RegionColumn> by{};        // an event, in place of `order`
  std::vector<RegionColumn> columns = {};  // none: usual_columns()
};

std::string regions_page(const Recording& recording, const RegionAnalysis& regions,
                         const RegionChoice& choice, const TextStyle& style);

}  // namespace pw
