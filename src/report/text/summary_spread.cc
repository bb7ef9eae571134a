// SPDX-License-Identifier: GPL-3.0-or-later
// Of each value over the tests: how it is spread.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/statistics/robust.h"
#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

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

std::string odd_text(const Measurand& one) {
  const std::vector<TestValue>& values = one.series.tests;
  if (values.size() < kLeastForOutliers) return "not looked for below 5 tests";
  std::vector<std::string> tests;
  for (const std::size_t i : one.odd)
    tests.push_back(
        fmt::format("test {} ({:+.1f} %)", values[i].test, 100 * (values[i].value / one.value->median - 1)));
  if (tests.empty()) return "none";
  const std::size_t more = tests.size() - std::min(tests.size(), kOddNamed);
  tests.resize(tests.size() - more);
  return join(tests, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

void add_measurand(Page& page, const Measurand& one) {
  if (!one.value) return;
  const Statistics& all = *one.value;
  const std::string unit = one.unit == "s" ? "s" : "";
  const auto number = [&](double value) { return shown(value, unit, 4); };
  const std::string deviation = all.n > 1 ? number(all.deviation) : "unknown";
  const std::string mad = all.n > 1 ? number(one.median_deviation) : "unknown";
  page.line("  " + columns_of(printable(one.name), {number(all.mean), number(all.median), deviation, mad}));
  if (all.half_width)
    page.line("      t          " + ends(all.mean - *all.half_width, all.mean + *all.half_width, unit));
  if (one.bootstrap) page.line("      bootstrap  " + ends(one.bootstrap->low, one.bootstrap->high, unit));
  page.line("      outliers   " + odd_text(one));
}

}  // namespace

void add_spread(Page& page, const RunAnalysis& run) {
  const auto known = [](const Measurand& one) { return one.value.has_value(); };
  if (!known(run.elapsed) && std::ranges::none_of(run.counters, known)) return;
  page.title(columns_of("spread over the tests", {"  mean", "  median", "  deviation", "  MAD"}));
  page.line("      with 95 % intervals of the mean by Student's t and by the bootstrap");
  add_measurand(page, run.elapsed);
  for (const Measurand& one : run.counters) add_measurand(page, one);
}

}  // namespace pw
