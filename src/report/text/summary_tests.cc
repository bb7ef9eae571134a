// SPDX-License-Identifier: GPL-3.0-or-later
// A row a test, a column a quantity; as many tables as the width of the page asks for.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kTestColumn = 8, kValueColumn = 13, kLongestHead = 40;
constexpr std::size_t kTestsShown = 100;

struct TestColumn {
  std::string head, unit;
  const Measurand* of;
  std::map<int, double> values;
  std::set<int> odd;
  std::size_t width = kValueColumn;
};

TestColumn column_of(const Measurand& one, const std::string& head) {
  TestColumn column{shortened(printable(head), kLongestHead), one.unit, &one, {}, {}};
  for (const TestValue& test : one.series.tests) column.values[test.test] = test.value;
  for (const std::size_t i : one.odd) column.odd.insert(one.series.tests[i].test);
  column.width = std::max(kValueColumn, columns(column.head) + 2);
  return column;
}

std::vector<TestColumn> columns_of(const Analysis& analysis) {
  std::vector<TestColumn> all;
  const auto add = [&](const Measurand& one, const std::string& head) {
    if (one.value && !one.series.tests.empty()) all.push_back(column_of(one, head));
  };
  add(analysis.run.elapsed, "elapsed");
  const bool many = analysis.power.channels.size() > 1;
  for (std::size_t i = 0; i < analysis.power.channels.size() && i < 3; ++i) {
    const ChannelValues& values = analysis.power.channels[i].values;
    const std::string number = many ? fmt::format(" ({})", i + 1) : "";
    add(values.mean, "power" + number);
    add(values.gross, "gross" + number);
    add(values.net, "net" + number);
  }
  for (const auto* list : {&analysis.run.usage, &analysis.run.given, &analysis.run.counters})
    for (const Measurand& one : *list) add(one, one.name);
  return all;
}

std::string cell_of(const TestColumn& column, int test) {
  const auto at = column.values.find(test);
  if (at == column.values.end()) return pad_left("-", column.width);
  return pad_left((column.odd.contains(test) ? "*" : "") + amount(at->second, column.unit), column.width);
}

template <class Cell>
std::string line_of(std::string_view head, std::span<const TestColumn> columns, Cell&& cell) {
  std::string line = "  " + pad_right(head, kTestColumn - 2);
  for (const TestColumn& column : columns) line += cell(column);
  return line;
}

void add_table(Page& page, std::span<const TestColumn> columns, const std::vector<int>& tests) {
  page.title(line_of("test", columns, [](const auto& one) { return pad_left(one.head, one.width); }));
  for (std::size_t i = 0; i < tests.size() && i < kTestsShown; ++i)
    page.line(
        line_of(std::to_string(tests[i]), columns, [&](const auto& one) { return cell_of(one, tests[i]); }));
  for (const auto& [head, value] :
       {std::pair{"min", &Statistics::least}, std::pair{"max", &Statistics::most}})
    page.line(page.painted(line_of(head, columns,
                                   [&, field = value](const auto& one) {
                                     return pad_left(amount((*one.of->value).*field, one.unit), one.width);
                                   }),
                           Ink::dim));
}

}  // namespace

void add_tests(Page& page, const Analysis& analysis) {
  const std::vector<TestColumn> all = columns_of(analysis);
  std::set<int> seen;
  bool odd = false;
  for (const TestColumn& column : all) {
    for (const auto& [test, value] : column.values) seen.insert(test);
    odd = odd || !column.odd.empty();
  }
  const std::vector<int> tests(seen.begin(), seen.end());
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin, used = kTestColumn;
    do used += all[end++].width;
    while (end < all.size() && used + all[end].width <= page.width());
    add_table(page, std::span(all).subspan(begin, end - begin), tests);
    begin = end;
  }
  if (tests.size() > kTestsShown)
    page.line(fmt::format("  and {} more tests, in the export", tests.size() - kTestsShown));
  if (odd) page.line("  * stands apart from the others");
}

}  // namespace pw
