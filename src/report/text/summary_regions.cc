// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {

void add_regions(Page& page, const RegionAnalysis& regions) {
  if (regions.rows.empty()) return;
  const auto largest = std::ranges::max_element(
      regions.rows, {}, [](const RegionRow& row) { return row.depth == 0 ? row.seconds->mean : -1; });
  page.paragraph("regions",
                 fmt::format("{} ({}: {}): perfwatt show --regions", plural(regions.rows.size(), "region"),
                             shortened(printable(largest->path), 40), amount(largest->seconds->mean, "s")));
}

}  // namespace pw
