// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/text_width.h"
#include "report/compare/comparison_page.h"
#include "report/compare/comparison_parts.h"
#include "report/text/reason_groups.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kIndent = 6;

// "% of the machine" is a column too wide.
std::string number(const std::optional<double>& value, const std::string& unit) {
  return value ? amount(*value, unit.substr(0, unit.starts_with('%') ? 1 : unit.size())) : "-";
}

Ink ink_of(CompareVerdict verdict) {
  switch (verdict) {
    case CompareVerdict::better:
      return Ink::bold;
    case CompareVerdict::worse:
      return Ink::red;
    case CompareVerdict::changed:
    case CompareVerdict::differs:
      return Ink::yellow;
    default:
      return Ink::dim;
  }
}

void add_row(Page& page, const ComparedRow& row) {
  const std::string name = printable(row.quantity);
  if (columns(name) > kCompareLabel) page.line("  " + name);
  std::string line = "  " + pad_right(columns(name) > kCompareLabel ? "" : name, kCompareLabel) +
                     pad_left(number(row.old_median, row.unit), kCompareNumber) +
                     pad_left(number(row.new_median, row.unit), kCompareNumber) +
                     ratio_columns(row.ratio, row.ci95) + "  ";
  line += page.painted(to_text(row.verdict), ink_of(row.verdict));
  page.line(line);
  if (!row.reason.empty() && row.verdict != CompareVerdict::same)
    page.line(page.painted(std::string(kIndent, ' ') + wrapped(printable(row.reason), page.width(), kIndent),
                           Ink::dim));
}

// What has no number on either side: each reason once.
void add_incomparable(Page& page, const Comparison& comparison) {
  ReasonGroups groups;
  for (const ComparedRow& row : comparison.rows)
    if (row.verdict == CompareVerdict::not_comparable)
      groups.add(printable(row.reason), printable(row.quantity));
  if (groups.all().empty()) return;
  page.title("not comparable");
  for (const auto& [reason, names] : groups.all()) page.paragraph(reason, names);
}

void add_differences(Page& page, const Comparison& comparison) {
  if (comparison.differences.empty()) return;
  page.title("not the same on both sides");
  for (const SideDifference& one : comparison.differences)
    page.paragraph(printable(one.key),
                   fmt::format("{} -> {}", one.before.empty() ? "(none)" : printable(one.before),
                               one.after.empty() ? "(none)" : printable(one.after)));
}

std::string_view basis_text(const Comparison& comparison) {
  switch (comparison.basis) {
    case Basis::interleaved:
      return "tests of the same number, which ran in turn, are compared";
    case Basis::sessions:
      return "the means of recordings are compared";
    case Basis::one_session:
      break;
  }
  if (!comparison.reference.empty())
    return "one variant ran after the other (--order blocked): what drifted meanwhile is in the difference";
  return "what differs is the recordings, whatever did it (code, machine, time of day). Three recordings or "
         "more a side, or --session-sd, tell of the code";
}

std::string_view stop_text(Basis basis) {
  return basis == Basis::interleaved
             ? "p and intervals hold however often it was looked at (docs/method.md, Until it is decided)"
             : "p would take the number of tests as fixed, and is left out";
}

void add_basis(Page& page, const Comparison& comparison) {
  const auto side = [&](int i) {
    if (!comparison.reference.empty())
      return printable(i == 0 ? comparison.reference : comparison.variant) + ", " +
             plural(comparison.tests[i], "test");
    return plural(comparison.recordings[i], "recording") + " with " + plural(comparison.tests[i], "test");
  };
  page.paragraph("old", side(0));
  page.paragraph("new", side(1));
  page.paragraph("basis", fmt::format("{}: {}", to_text(comparison.basis), basis_text(comparison)));
  if (!comparison.stop_rule.empty())
    page.paragraph("ended by",
                   printable(comparison.stop_rule) + ": " + std::string(stop_text(comparison.basis)));
}

void add_chance(Page& page, int by_chance, std::size_t rows) {
  if (by_chance > 0)
    page.paragraph(
        "chance", fmt::format("{} of {} rows with p below 5 % {} not claimed: so many rows do that by chance",
                              by_chance, rows, by_chance == 1 ? "is" : "are"));
}

void add_other_values(Page& page, const Comparison& comparison) {
  if (comparison.other_values.size() > 1)
    page.paragraph("warning", join(comparison.other_values, " and ") +
                                  " are not the same: which of them does it cannot be told");
}

}  // namespace

std::string ratio_columns(const std::optional<double>& ratio, const std::optional<Interval>& ci95) {
  if (!ratio || !ci95) return pad_left("-", 7) + std::string(18, ' ');
  return pad_left(fmt::format("{:.4g}", *ratio), 7) +
         pad_left(fmt::format("{:.4g} to {:.4g}", ci95->low, ci95->high), 18);
}

namespace {

constexpr std::ptrdiff_t kManyRegions = 10;

// One of many regions of which nothing is claimed.
bool is_one_of_many(const ComparedRow& row) {
  return row.quantity.starts_with(kRegionPrefix) && !row.named && !is_claim(row.verdict);
}

void add_left_out(Page& page, std::ptrdiff_t regions) {
  if (regions > 0)
    page.line(page.painted(
        fmt::format("  {} regions more, of which none is known to differ (--format csv has them)", regions),
        Ink::dim));
}

void add_quantities(Page& page, const Comparison& comparison) {
  page.title("quantities");
  page.line(page.painted("  " + pad_right("", kCompareLabel) + pad_left("old median", kCompareNumber) +
                             pad_left("new", kCompareNumber) + pad_left("ratio", 7) + pad_left("95 %", 18) +
                             "  verdict",
                         Ink::dim));
  const auto compared = [](const ComparedRow& row) { return row.verdict != CompareVerdict::not_comparable; };
  const auto one_of_many = [&](const ComparedRow& row) { return compared(row) && is_one_of_many(row); };
  const std::ptrdiff_t regions = std::ranges::count_if(comparison.rows, one_of_many);
  const bool many = regions > kManyRegions;
  for (const bool named : {true, false})
    for (const ComparedRow& row : comparison.rows)
      if (row.named == named && compared(row) && !(many && is_one_of_many(row))) add_row(page, row);
  add_left_out(page, many ? regions : 0);
  add_incomparable(page, comparison);
}

void add_comparison(Page& page, const Comparison& comparison) {
  page.line(wrapped(printable(verdict_sentence(comparison)), page.width(), 0));
  page.line();
  add_basis(page, comparison);
  add_chance(page, comparison.by_chance, comparison.rows.size());
  add_other_values(page, comparison);
  add_differences(page, comparison);
  add_quantities(page, comparison);
  add_clock(page, comparison.clock);
}

void add_means(Page& page, const VariantComparisons& comparisons) {
  if (!comparisons.means.empty()) page.title("geometric mean of the ratios");
  for (const GeometricMean& one : comparisons.means)
    page.line(fmt::format("  {}{:.4g}, of {} of {} variants",
                          pad_right(printable(one.quantity), kCompareLabel), one.ratio, one.ratios,
                          comparisons.all.size()));
  if (comparisons.unmatched.empty()) return;
  page.line();
  page.paragraph("one side", "has these alone, and nothing is said of them: " +
                                 printable(join(comparisons.unmatched, ", ")));
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const TextStyle& style) {
  Page page(style, false);
  add_comparison(page, comparison);
  return page.text();
}

std::string comparison_text(const VariantComparisons& comparisons, const TextStyle& style) {
  Page page(style, false);
  std::size_t rows = 0;
  for (const Comparison& one : comparisons.all) {
    rows += one.rows.size();
    page.title(printable(one.variant) +
               (one.reference.empty() ? "" : " against " + printable(one.reference)));
    add_comparison(page, one);
  }
  add_means(page, comparisons);
  if (comparisons.by_chance > 0) page.line();
  add_chance(page, comparisons.by_chance, rows);
  return page.text();
}

}  // namespace pw
