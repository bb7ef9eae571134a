// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/regions/region_roof_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyze/regions/roofline.h"
#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

std::string peak_text(const MachinePeaks& peaks, std::string_view quantity, int threads) {
  const auto peak = peak_of_threads(peaks, quantity, threads);
  return peak ? amount(*peak, peak_unit(quantity)) : "not measured";
}

// "fp32 184.2 Gop/s (taken to be so), memory 25.1 GB/s, of 2 threads (told by the program)"
std::string roof_text(const MachinePeaks& peaks, const RegionRoof& roof) {
  return fmt::format(
      "{} {}{}, memory {}, of {} ({})", roof.number, peak_text(peaks, roof.number, roof.threads),
      roof.told ? "" : " (taken to be its numbers)", peak_text(peaks, kPeakMemory, roof.threads),
      plural(static_cast<std::size_t>(roof.threads), "thread"), roof.threads_how);
}

std::string when_measured(const MachinePeaks& peaks) {
  const auto fact = std::ranges::find(peaks.conditions, "measured", &Fact::key);
  return fact == peaks.conditions.end() ? "" : ", measured " + printable(fact->value);
}

}  // namespace

void add_region_roofs(Page& page, const Recording& recording, const RegionAnalysis& regions) {
  std::set<std::string> roofs;
  std::size_t above = 0;
  for (const RegionRow& row : regions.rows) {
    if (!row.roof) continue;
    roofs.insert(roof_text(recording.peaks, *row.roof));
    if (row.roof->share > 1) ++above;
  }
  for (const std::string& one : roofs)
    page.paragraph("roof", fmt::format("the less of what is computed and intensity times what the memory "
                                       "delivers: {}{}",
                                       one, when_measured(recording.peaks)));
  if (above > 0)
    page.paragraph("> 100 %",
                   plural(above, "region") +
                       ": what they read lay in a cache, or they compute with fewer operations than "
                       "are told (Winograd), or the machine was busy while its peaks were measured");
  if (!regions.no_roofs.empty()) page.paragraph("no roof", regions.no_roofs);
}

}  // namespace pw
