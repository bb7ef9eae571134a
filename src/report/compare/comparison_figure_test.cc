// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/compare/comparison_figure.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/text.h"

namespace pw {
namespace {

using testing::HasSubstr;
using testing::Not;

ComparedRow forest_row(const std::string& quantity, double ratio, double half, CompareVerdict verdict) {
  ComparedRow row;
  row.quantity = quantity;
  row.ratio = ratio;
  row.ci95 = Interval{ratio - half, ratio + half};
  row.verdict = verdict;
  return row;
}

Comparison compared(std::vector<ComparedRow> rows) {
  Comparison comparison;
  comparison.recordings[0] = comparison.recordings[1] = 1;
  comparison.tests[0] = comparison.tests[1] = 8;
  comparison.rows = std::move(rows);
  return comparison;
}

TEST(ComparisonFigure, HasARowForEachRatioThoseThatWereNamedFirst) {
  ComparedRow named = forest_row("elapsed", 1.2, 0.1, CompareVerdict::worse);
  named.named = true;
  const Figure figure =
      comparison_figure(compared({forest_row("cycles", 0.9, 0.05, CompareVerdict::better), named}));
  EXPECT_THAT(figure.data.front().text, HasSubstr("\n1,1.2,1.0999999999999999,1.3,1,elapsed\n2,0.9,"));
  EXPECT_THAT(figure.script, HasSubstr("1.2 (1.1 to 1.3) worse"));
  EXPECT_THAT(figure.script, HasSubstr("pt 7"));  // better and worse are told apart in grey
  EXPECT_THAT(figure.script, HasSubstr("pt 5"));
  EXPECT_THAT(figure.script, HasSubstr("from 0.98, graph 0 to 1.02, graph 1"));
  EXPECT_THAT(figure.script, Not(HasSubstr("logscale")));
}

TEST(ComparisonFigure, LeavesOutWhatHasNoPlace) {
  const double infinite = std::numeric_limits<double>::infinity();
  ComparedRow no_ratio = forest_row("no-ratio", 1, 0.1, CompareVerdict::cannot_tell);
  no_ratio.ratio.reset();
  const std::vector<ComparedRow> placeless = {forest_row("other", 1, 0.1, CompareVerdict::not_comparable),
                                              forest_row("negative", -1, 0.1, CompareVerdict::differs),
                                              forest_row("below-0", 1, 2, CompareVerdict::cannot_tell),
                                              forest_row("endless", 1, infinite, CompareVerdict::cannot_tell),
                                              no_ratio};
  EXPECT_THAT(comparison_figure(compared(placeless)).absent, HasSubstr("no quantity has a ratio"));
  EXPECT_THAT(comparison_figure(compared({})).absent, HasSubstr("no quantity has a ratio"));
}

TEST(ComparisonFigure, WideRatiosStandOnALogarithmicAxis) {
  const Figure figure = comparison_figure(compared({forest_row("elapsed", 15, 1, CompareVerdict::worse)}));
  EXPECT_THAT(figure.script, HasSubstr("set logscale x\nset xtics (1, 1.5, 2, 3, 5, 7, 10, 15)"));
}

TEST(ComparisonFigure, OfManyRowsSaysHowManyMoreThereAre) {
  std::vector<ComparedRow> rows;
  for (int i = 0; i < 200; ++i)
    rows.push_back(forest_row(fmt::format("x'`{}`<", i), 1, 0.1, CompareVerdict::same));
  const Figure figure = comparison_figure(compared(rows));
  EXPECT_EQ(split(figure.data.front().text, '\n').size(), 62U);  // a heading, 60 rows, the end
  EXPECT_THAT(figure.script, HasSubstr("140 more rows"));
  EXPECT_GT(figure.height, kUsualHeight);
  EXPECT_THAT(figure.script, Not(HasSubstr("x'`0`")));
}

}  // namespace
}  // namespace pw
