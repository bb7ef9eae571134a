// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/formula.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::optional<double> operand(std::string_view symbol) {
  if (symbol == "a") return 6;
  if (symbol == "b_2") return 4;
  if (symbol == "zero") return 0;
  return std::nullopt;
}

double value(std::string_view formula) { return evaluate(formula, operand).value(); }
Error error(std::string_view formula) { return evaluate(formula, operand).error(); }

TEST(Formula, KnowsPrecedenceParenthesesSignsMinAndMax) {
  EXPECT_EQ(value("1 + 2 * 3 - 4 / 2"), 5);
  EXPECT_EQ(value("(1+2)*3"), 9);
  EXPECT_EQ(value("8 / 4 / 2"), 1);
  EXPECT_EQ(value("-a + -(2 - b_2)"), -4);
  EXPECT_EQ(value("100 * a / (a + b_2)"), 60);
  EXPECT_EQ(value("min(a, b_2, 5) + max(1, 2e-3)"), 5);
  EXPECT_EQ(value("zero / a"), 0);
}

TEST(Formula, AnUnknownOperandIsNamed) {
  EXPECT_EQ(error("a + missing").kind, Failure::measurement);
  EXPECT_EQ(error("a + missing").what, "unknown operand");
  EXPECT_EQ(error("a + missing").where, "missing");
}

TEST(Formula, DivisionByZeroNamesTheDivisor) {
  EXPECT_EQ(error("a / zero").where, "zero");
  EXPECT_EQ(error("a / (b_2 - 4) * 0").what, "division by zero");
  EXPECT_EQ(error("a / (b_2 - 4)").where, "(b_2 - 4)");
}

TEST(Formula, ComparisonsAndWordsAreOneOrZero) {
  EXPECT_EQ(value("a > b_2"), 1);
  EXPECT_EQ(value("a < b_2"), 0);
  EXPECT_EQ(value("a >= 6 and b_2 <= 4"), 1);
  EXPECT_EQ(value("a == 6 and b_2 != 4"), 0);
  EXPECT_EQ(value("a == 5 or 1 + 3 == b_2"), 1);
  EXPECT_EQ(value("not zero"), 1);
  EXPECT_EQ(value("not not a and 1"), 1);
  EXPECT_EQ(value("not a == 6"), 0);
  EXPECT_EQ(value("1 or 1 and 0"), 1);  // `and` binds tighter
  EXPECT_EQ(value("(1 or 1) and 0"), 0);
  EXPECT_EQ(value("100 * (a > b_2) + min(a, a < 3)"), 100);
}

TEST(Formula, WhatOneSideSettlesIsKnown) {
  EXPECT_EQ(value("zero and missing"), 0);
  EXPECT_EQ(value("missing > 3 and zero"), 0);
  EXPECT_EQ(value("missing or a"), 1);
  EXPECT_EQ(value("a / zero > 1 or a"), 1);
  for (const char* text : {"a and missing", "missing or zero", "not missing", "missing == missing",
                           "1 + missing", "min(a, missing)", "max(missing, a)", "0 * missing"})
    EXPECT_EQ(error(text).where, "missing") << text;
  EXPECT_EQ(error("first and second").where, "first");
}

TEST(Formula, WhatIsNoFormulaSaysWhereItStops) {
  for (const char* text :
       {"",      "a +",   "a b_2",     "(a",  "min(a", "min a",     "a $ 2",     "2 ** 3", ".",  ")",
        "a,b_2", "a = 6", "a < 6 < 7", "and", "a and", "a or or a", "missing $", "a <",    "!a", "not"}) {
    EXPECT_EQ(error(text).kind, Failure::input) << text;
    EXPECT_THAT(error(text).what, HasSubstr("column")) << text;
  }
  EXPECT_THAT(error(std::string(1000, '(')).what, HasSubstr("too deeply"));
  EXPECT_THAT(error(std::string(1000, '-')).what, HasSubstr("too deeply"));
}

TEST(Formula, ListsItsSymbols) {
  EXPECT_THAT(formula_symbols("100 * (x - y) / max(y, z_1) + x / (x - y)"), ElementsAre("x", "y", "z_1"));
  EXPECT_THAT(formula_symbols("x > 1 or not y and z < x"), ElementsAre("x", "y", "z"));
  EXPECT_TRUE(formula_symbols("1 + 2").empty());
}

}  // namespace
}  // namespace pw
