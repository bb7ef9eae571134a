// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/regions/region_energy_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

std::string name_of_channel(const Recording& recording, std::size_t channel) {
  const Channel& of = recording.channels[channel];
  return printable(shown_name(source_of(recording, of)) + "/" + of.name);
}

bool is_untold(const RegionJoules& one) { return !one.gross && !one.reason.empty(); }

// The first region that has none, and why.
std::string first_untold(const Recording& recording, const ChannelRegions& energy) {
  const auto untold = std::ranges::find_if(energy.regions, is_untold);
  if (untold == energy.regions.end()) return "";
  const int region = static_cast<int>(untold - energy.regions.begin());
  return fmt::format("; {} without one (?): {}: {}", std::ranges::count_if(energy.regions, is_untold),
                     shortened(printable(region_path(recording, region)), 40), untold->reason);
}

}  // namespace

void add_region_energy(Page& page, const Recording& recording, const RegionAnalysis& regions) {
  if (regions.energy.empty()) return;
  const ChannelRegions* told = told_channel(regions.energy);
  const ChannelRegions& shown = told ? *told : regions.energy.front();
  const std::string channel = name_of_channel(recording, shown.channel);
  if (!told && !shown.reason.empty())
    return page.paragraph("energy", fmt::format("none of the regions: {}: {}", channel, shown.reason));
  page.paragraph(
      "energy",
      fmt::format("of a test, with the regions within, by least squares out of {} of {}: {} between "
                  "them are {} of regions, {} outside of them and {} that cannot be told{}",
                  plural(shown.readings, "reading"), channel, amount(shown.whole.value, "J"),
                  amount(shown.told.value, "J"), amount(shown.outside.value, "J"),
                  amount(shown.untold.value, "J"), first_untold(recording, shown)));
}

}  // namespace pw
