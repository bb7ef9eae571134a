// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/regions/regions_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/names.h"
#include "report/regions/region_energy_text.h"
#include "report/regions/region_roof_text.h"
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
  if (choice.by)
    std::ranges::stable_sort(rows, std::greater<>(),
                             [&](const RegionRow* row) { return value_of(*row, *choice.by).value_or(-1); });
  else if (choice.order != RegionOrder::tree)
    std::ranges::stable_sort(rows, [&](const RegionRow* a, const RegionRow* b) {
      return key_of(*a, choice.order) > key_of(*b, choice.order);
    });
  if (choice.top > 0) rows.resize(std::min(rows.size(), choice.top));
  return rows;
}

std::size_t width_of(const RegionColumn& column) {
  if (column.quantity == RegionQuantity::share) return kNarrow;
  const bool energy = column.quantity == RegionQuantity::energy ||
                      column.quantity == RegionQuantity::energy_per_call ||
                      column.quantity == RegionQuantity::energy_per_item;
  if (energy) return kWidest;
  return std::max(kWide, columns(column.title) + 2);
}

std::string line_of(std::string_view cells, std::string_view name, std::size_t width) {
  const std::size_t taken = columns(cells);
  return std::string(cells) + "  " +
         shortened(name, width > taken + kLeastName ? width - taken - 2 : kLeastName);
}

std::string name_of(const Recording& recording, const RegionRow& row, RegionOrder order) {
  if (order != RegionOrder::tree) return printable(row.path);
  const Region& region = recording.regions[static_cast<std::size_t>(row.region)];
  return std::string(2 * static_cast<std::size_t>(row.depth), ' ') + printable(region_name(region));
}

void add_head(Page& page, const RegionChoice& choice) {
  std::string cells;
  for (const RegionColumn& column : choice.columns) cells += pad_left(column.title, width_of(column));
  page.line(page.painted(line_of(cells, "region", page.width()), Ink::dim));
}

void add_row(Page& page, const Recording& recording, const RegionRow& row, const RegionChoice& choice) {
  std::string cells;
  for (const RegionColumn& column : choice.columns)
    cells += pad_left(cell_text(recording, row, column), width_of(column));
  const RegionOrder order = choice.by ? RegionOrder::time : choice.order;
  page.line(line_of(cells, name_of(recording, row, order), page.width()));
}

using Rows = std::vector<const RegionRow*>;

// What a row of the table says of one event or metric: its name, whether it has a value, and that.
template <class Use>
void for_counted(const Recording& recording, const Rows& rows, const RegionChoice& choice, const Use& use) {
  for (const RegionColumn& column : choice.columns)
    for (const RegionRow* row : rows) {
      if (const RegionEvent* const one = event_in(*row, column))
        use(recording.events[static_cast<std::size_t>(one->event)].label(), one->why.empty(), *one);
      if (const RegionMetric* const one = metric_in(*row, column))
        use(one->key, one->value.has_value(), *one);
    }
}

void add_signs(Page& page, const Recording& recording, const Rows& rows, const RegionChoice& choice) {
  bool beside = false, scaled = false;
  for_counted(recording, rows, choice, [&](const std::string&, bool known, const auto& one) {
    beside |= known && one.beside;
    scaled |= known && one.scaled;
  });
  if (beside)
    page.paragraph("~",
                   "regions of other threads or processes ran beside it, whose events are in it, too "
                   "(--region-scope thread or team tells them apart)");
  if (scaled) page.paragraph("*", "counted a part of the time, and scaled up");
}

// Each reason once, with what it is of and how many regions.
void add_unknown(Page& page, const Recording& recording, const Rows& rows, const RegionChoice& choice) {
  std::map<std::pair<std::string, std::string>, std::size_t> reasons;
  for_counted(recording, rows, choice, [&](const std::string& name, bool known, const auto& one) {
    if (!known) ++reasons[{name, one.why}];
  });
  for (const auto& [key, count] : reasons)
    page.paragraph("-", fmt::format("{} of {}: {}", printable(key.first), plural(count, "region"),
                                    printable(key.second)));
}

void add_counted(Page& page, const Recording& recording, const RegionAnalysis& regions) {
  std::vector<std::string> labels;
  for (const RegionEvent& one : regions.rows.front().counts)
    labels.push_back(printable(recording.events[static_cast<std::size_t>(one.event)].label()));
  if (!labels.empty())
    page.paragraph("counts", fmt::format("by {} ({}): --columns time,{}", regions.scope, join(labels, ", "),
                                         labels.front()));
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

}  // namespace

std::optional<RegionOrder> region_order(std::string_view word) { return value_in(kOrders, word); }

std::string regions_page(const Recording& recording, const RegionAnalysis& regions, const RegionChoice& asked,
                         const TextStyle& style) {
  Page page(style, false);
  RegionChoice choice = asked;
  if (choice.columns.empty()) choice.columns = usual_columns(regions);
  if (regions.rows.empty()) {
    page.paragraph("regions",
                   "none: the command marked nothing (docs/regions.md), or --regions none was asked for");
    return page.text();
  }
  const auto rows = chosen(regions, choice);
  page.title(fmt::format("regions: {} of {}, means of a test", rows.size(), regions.rows.size()));
  add_head(page, choice);
  for (const RegionRow* row : rows) add_row(page, recording, *row, choice);
  add_signs(page, recording, rows, choice);
  add_unknown(page, recording, rows, choice);
  add_counted(page, recording, regions);
  if (regions.threads > 1)
    page.paragraph("threads", fmt::format("{}, whose times add up", plural(regions.threads, "thread")));
  add_region_roofs(page, recording, regions);
  add_region_energy(page, recording, regions);
  add_cost(page, regions);
  return page.text();
}

}  // namespace pw
