// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text/regions_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "model/names.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr Names<RegionOrder, 5> kOrders = {{{RegionOrder::tree, "tree"},
                                            {RegionOrder::time, "time"},
                                            {RegionOrder::own, "own"},
                                            {RegionOrder::calls, "calls"},
                                            {RegionOrder::mean, "mean"}}};

constexpr std::size_t kWide = 10, kNarrow = 8, kWidest = 15, kLeastName = 20;

double key_of(const RegionRow& row, RegionOrder order) {
  switch (order) {
    case RegionOrder::time:
      return row.seconds->mean;
    case RegionOrder::own:
      return row.own->mean;
    case RegionOrder::calls:
      return row.calls->mean;
    case RegionOrder::mean:
      return row.mean.value_or(0);
    case RegionOrder::tree:
      break;
  }
  return 0;
}

std::vector<const RegionRow*> chosen(const RegionAnalysis& regions, const RegionChoice& choice) {
  std::vector<const RegionRow*> rows;
  for (const RegionRow& row : regions.rows)
    if (choice.depth == 0 || row.depth < choice.depth) rows.push_back(&row);
  if (choice.order != RegionOrder::tree)
    std::ranges::stable_sort(rows, [&](const RegionRow* a, const RegionRow* b) {
      return key_of(*a, choice.order) > key_of(*b, choice.order);
    });
  if (choice.top > 0) rows.resize(std::min(rows.size(), choice.top));
  return rows;
}

std::string seconds_text(const std::optional<double>& value) { return value ? amount(*value, "s") : ""; }

// Of a test, and half its interval in percent.
std::string energy_text(const ChannelRegions& channel, const RegionRow& row) {
  const RegionJoules& one = channel.regions[static_cast<std::size_t>(row.region)];
  if (!one.gross) return one.reason.empty() ? "" : "?";
  const double percent = 100 * one.uncertainty.value / one.gross->value;
  return fmt::format("{} ±{:.{}f}%", amount(one.gross->value * row.seconds->mean, "J"), percent,
                     percent < 10 ? 1 : 0);
}

std::string line_of(const std::vector<std::string>& cells, std::string_view name, std::size_t width) {
  constexpr std::size_t kWidths[] = {kNarrow, kWide, kWide, kWide, kWide, kWide, kWide, kWide, kWidest};
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += pad_left(cells[i], kWidths[i]);
  const std::size_t left = width > columns(line) + kLeastName ? width - columns(line) - 2 : kLeastName;
  return line + "  " + shortened(name, left);
}

std::string name_of(const Recording& recording, const RegionRow& row, RegionOrder order) {
  if (order != RegionOrder::tree) return printable(row.path);
  const Region& region = recording.regions[static_cast<std::size_t>(row.region)];
  return std::string(2 * static_cast<std::size_t>(row.depth), ' ') + printable(region_name(region));
}

void add_row(Page& page, const Recording& recording, const RegionRow& row, RegionOrder order,
             const ChannelRegions* energy) {
  std::vector<std::string> cells = {row.share ? fmt::format("{:.1f} %", 100 * *row.share) : "",
                                    amount(row.seconds->mean, "s"),
                                    interval(*row.seconds),
                                    amount(row.own->mean, "s"),
                                    amount(row.calls->mean, ""),
                                    seconds_text(row.mean) + (row.below_floor ? "!" : ""),
                                    seconds_text(row.p50),
                                    seconds_text(row.p99)};
  if (energy) cells.push_back(energy_text(*energy, row));
  page.line(line_of(cells, name_of(recording, row, order), page.width()));
}

void add_cost(Page& page, const RegionAnalysis& regions) {
  if (!regions.mark_cost) return;
  const double cost = to_seconds(*regions.mark_cost).value;
  page.paragraph(
      "marking",
      fmt::format("a region's begin and end cost {} here, which is in its times and in those "
                  "around it; where that is more than {:.0f} % of the mean ({}) the mean has a \"!\"",
                  amount(cost, "s"), 100 * kMarkShare, amount(cost / kMarkShare, "s")));
}

std::string joined_names(const Recording& recording, std::size_t channel) {
  const Channel& of = recording.channels[channel];
  return printable(shown_name(recording.sources[static_cast<std::size_t>(of.source)]) + "/" + of.name);
}

// The first region that has none, and why.
std::string first_untold(const Recording& recording, const ChannelRegions& energy) {
  const auto untold = std::ranges::find_if(
      energy.regions, [](const RegionJoules& one) { return !one.gross && !one.reason.empty(); });
  if (untold == energy.regions.end()) return "";
  const auto count = std::ranges::count_if(
      energy.regions, [](const RegionJoules& one) { return !one.gross && !one.reason.empty(); });
  const int region = static_cast<int>(untold - energy.regions.begin());
  return fmt::format("; {} without one (?): {}: {}", count,
                     shortened(printable(region_path(recording, region)), 40), untold->reason);
}

void add_energy(Page& page, const Recording& recording, const RegionAnalysis& regions) {
  if (regions.energy.empty()) return;
  const ChannelRegions* told = told_channel(regions.energy);
  const ChannelRegions& shown = told ? *told : regions.energy.front();
  if (!told && !shown.reason.empty()) {
    page.paragraph("energy", fmt::format("none of the regions: {}: {}",
                                         joined_names(recording, shown.channel), shown.reason));
    return;
  }
  page.paragraph(
      "energy",
      fmt::format("of a test, with the regions within, by least squares out of {} of {}: {} between them "
                  "are {} of regions, {} outside of them and {} that cannot be told{}",
                  plural(shown.readings, "reading"), joined_names(recording, shown.channel),
                  amount(shown.whole.value, "J"), amount(shown.told.value, "J"),
                  amount(shown.outside.value, "J"), amount(shown.untold.value, "J"),
                  first_untold(recording, shown)));
}

}  // namespace

std::optional<RegionOrder> region_order(std::string_view word) { return value_in(kOrders, word); }

std::string regions_page(const Recording& recording, const RegionAnalysis& regions,
                         const RegionChoice& choice, const TextStyle& style) {
  Page page(style, false);
  if (regions.rows.empty()) {
    page.paragraph("regions",
                   "none: the command marked nothing (docs/regions.md), or --regions none was asked for");
    return page.text();
  }
  const auto rows = chosen(regions, choice);
  page.title(fmt::format("regions: {} of {}, means of a test", rows.size(), regions.rows.size()));
  const ChannelRegions* energy = told_channel(regions.energy);
  std::vector<std::string> titles = {"share", "time", "95 %", "own", "calls", "mean", "p50", "p99"};
  if (energy) titles.emplace_back("energy");
  page.line(page.painted(line_of(titles, "region", page.width()), Ink::dim));
  for (const RegionRow* row : rows) add_row(page, recording, *row, choice.order, energy);
  if (regions.threads > 1)
    page.paragraph("threads", fmt::format("{}, whose times add up", plural(regions.threads, "thread")));
  add_energy(page, recording, regions);
  add_cost(page, regions);
  return page.text();
}

void add_regions(Page& page, const RegionAnalysis& regions) {
  if (regions.rows.empty()) return;
  const auto largest = std::ranges::max_element(
      regions.rows, {}, [](const RegionRow& row) { return row.depth == 0 ? row.seconds->mean : -1; });
  page.paragraph("regions",
                 fmt::format("{} ({}: {}): perfwatt show --regions", plural(regions.rows.size(), "region"),
                             shortened(printable(largest->path), 40), amount(largest->seconds->mean, "s")));
}

}  // namespace pw
