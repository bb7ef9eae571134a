// SPDX-License-Identifier: GPL-3.0-or-later
// Of each value over the tests: how it is spread.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/bootstrap.h"
#include "analyze/named_series.h"
#include "analyze/odd_tests.h"
#include "analyze/robust.h"
#include "base/text.h"
#include "report/summary_parts.h"
#include "report/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kSpreadLabel = 26;
constexpr std::size_t kNumber = 13;
constexpr std::size_t kOddNamed = 8;

std::string columns_of(std::string_view label, const std::vector<std::string>& numbers) {
  std::string line = pad_right(label, kSpreadLabel);
  for (const std::string& number : numbers) line += pad_left(number, kNumber);
  return line;
}

// Counts below 1000 as they are: their deviation is no thousandth of anything.
std::string shown(double value, const std::string& unit, int digits) {
  if (unit.empty() && std::abs(value) < 1000) return fmt::format("{:.{}g}", value, digits);
  return std::string(trim(si(value, digits) + unit));
}

// Six digits, so that the ends of a narrow interval differ.
std::string ends(double low, double high, const std::string& unit) {
  return shown(low, unit, 6) + " to " + shown(high, unit, 6);
}

std::string odd_text(const Series& series) {
  if (series.tests.size() < kLeastForOutliers) return "not looked for below 5 tests";
  std::vector<std::string> tests;
  const std::vector<double> values = series.values();
  for (const std::size_t i : odd_values(series))
    tests.push_back(
        fmt::format("test {} ({:+.1f} %)", series.tests[i].test, 100 * (values[i] / median(values) - 1)));
  if (tests.empty()) return "none";
  const std::size_t more = tests.size() - std::min(tests.size(), kOddNamed);
  tests.resize(tests.size() - more);
  return join(tests, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

void add_series(Page& page, const NamedSeries& one) {
  const std::vector<double> values = one.series.values();
  const Statistics all = *statistics(values);
  const auto number = [&](double value) { return shown(value, one.unit, 4); };
  const std::string deviation = all.n > 1 ? number(all.deviation) : "unknown";
  const std::string mad = all.n > 1 ? number(median_deviation(values)) : "unknown";
  page.line("  " + columns_of(printable(one.name), {number(all.mean), number(all.median), deviation, mad}));
  if (all.half_width)
    page.line("      t          " + ends(all.mean - *all.half_width, all.mean + *all.half_width, one.unit));
  if (const auto interval = bootstrap_interval(values))
    page.line("      bootstrap  " + ends(interval->low, interval->high, one.unit));
  page.line("      outliers   " + odd_text(one.series));
}

}  // namespace

void add_spread(Page& page, const Recording& recording) {
  const std::vector<NamedSeries> all = named_series(recording);
  if (all.empty()) return;
  page.title(columns_of("spread over the tests", {"  mean", "  median", "  deviation", "  MAD"}));
  page.line("      with 95 % intervals of the mean by Student's t and by the bootstrap");
  for (const NamedSeries& one : all) add_series(page, one);
}

}  // namespace pw
