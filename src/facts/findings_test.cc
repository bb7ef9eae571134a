// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pw {
namespace {

using testing::HasSubstr;

// A rule as a file has it, with `inputs` and `check`.
std::string file_with(const std::string& inputs, const std::string& check) {
  return R"({"rules": [{"key": "k", "title": "t", "condition": "a > 1", "evidence": "{a}", "next": "n",
             "source": "s", "inputs": )" +
         inputs + R"(, "check": )" + check + "}]}";
}

const std::string kInput = R"({"a": {"machine": "cores"}})";
const std::string kBoth =
    R"([{"given": {"a": 2}, "expected": true}, {"given": {"a": "1 CPU"}, "expected": false}])";

Error refused(const std::string& inputs, const std::string& check) {
  return parse_findings("f.json", file_with(inputs, check)).error();
}

TEST(FindingFiles, AreReadWithTheirChecks) {
  const auto rules = parse_findings("f.json", file_with(kInput, kBoth)).value();
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].inputs[0].kind, InputKind::machine);
  EXPECT_EQ(rules[0].inputs[0].name, "cores");
  EXPECT_EQ(rules[0].checks[1].given[0].number, 1);
  EXPECT_GT(finding_rules().size(), 15U);
}

TEST(FindingFiles, ARuleWithoutBothChecksIsRefused) {
  EXPECT_EQ(refused(kInput, R"([{"given": {"a": 2}, "expected": true}])").what, "every check of it applies");
  EXPECT_EQ(refused(kInput, R"([{"given": {"a": 1}, "expected": false}])").what, "no check of it applies");
  EXPECT_EQ(refused(kInput, "[]").where, "f.json k");
}

TEST(FindingFiles, WhatIsNoInputIsRefused) {
  EXPECT_EQ(refused(R"({"a": {"moon": "x"}})", kBoth).what, "no such kind of input: moon");
  EXPECT_EQ(refused(R"({"a": {"machine": "x", "state": "y"}})", kBoth).what, "taken from two things");
  EXPECT_EQ(refused(R"({"a": {"contains": ["x"]}})", kBoth).what, "taken from nothing");
  EXPECT_EQ(refused(R"({"a": {"contains": ["x"]}})", kBoth).where, "f.json k a");
  EXPECT_THAT(parse_findings("f.json", R"({"rules": [{"key": "k"}]})").error().what, HasSubstr("title"));
  EXPECT_EQ(parse_findings("f.json", "{").error().kind, Failure::input);
}

TEST(InputValues, AreTheNumberThatATextBeginsWithOrWhetherItHasAWord) {
  FindingInput input;
  EXPECT_EQ(value_of(input, "4 CPUs").number, 4);
  EXPECT_EQ(value_of(input, " 1.5 ").number, 1.5);
  EXPECT_EQ(value_of(input, "many").number, std::nullopt);
  EXPECT_EQ(value_of(input, "many").why, "'many' is no number");
  input.contains = {"saver", "static"};
  EXPECT_EQ(value_of(input, "Power Saver (2)").number, 1);
  EXPECT_EQ(value_of(input, "Maximum Performance (3)").number, 0);
  EXPECT_EQ(value_of(input, "").number, 0);
}

}  // namespace
}  // namespace pw
