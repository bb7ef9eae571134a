// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/variants/variants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "os/file.h"
#include "record/variants/arrangement.h"
#include "record/variants/placeholders.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Words = std::vector<std::string>;

Words values_of(const std::string& list) {
  const auto all = parse_parameters({"x=" + list}, "-L");
  return all ? all->front().values : Words{one_line(all.error())};
}

std::string refusal(const std::vector<std::string>& texts) {
  const auto all = parse_parameters(texts, "-L");
  return all ? "taken" : one_line(all.error());
}

TEST(Values, StandBetweenCommas) {
  EXPECT_THAT(values_of("1,2,a b"), ElementsAre("1", "2", "a b"));
  EXPECT_THAT(values_of("a\\,b,c\\d"), ElementsAre("a,b", "c\\d"));
  EXPECT_THAT(values_of("../old,./new,1.5"), ElementsAre("../old", "./new", "1.5"));
}

TEST(Values, OfRanges) {
  EXPECT_THAT(values_of("1..4"), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(values_of("1..64*2"), ElementsAre("1", "2", "4", "8", "16", "32", "64"));
  EXPECT_THAT(values_of("10..20+4"), ElementsAre("10", "14", "18"));
  EXPECT_THAT(values_of("-2..0"), ElementsAre("-2", "-1", "0"));
  EXPECT_THAT(values_of("0.1..0.5+0.1"), ElementsAre("0.1", "0.2", "0.3", "0.4", "0.5"));
  EXPECT_THAT(values_of("7..7,9"), ElementsAre("7", "9"));
}

TEST(Values, OfRangesThatLeadNowhere) {
  EXPECT_THAT(refusal({"x=8..1"}), HasSubstr("goes down; write 1..8"));
  EXPECT_THAT(refusal({"x=1..8*1"}), HasSubstr("never ends"));
  EXPECT_THAT(refusal({"x=0..8*2"}), HasSubstr("never ends"));
  EXPECT_THAT(refusal({"x=1..8+0"}), HasSubstr("never ends"));
  EXPECT_THAT(refusal({"x=1..8+-1"}), HasSubstr("never ends"));
  EXPECT_THAT(refusal({"x=1..z"}), HasSubstr("is not A..B"));
  EXPECT_THAT(refusal({"x=1..1e9"}), HasSubstr("more than 10000 values"));
  EXPECT_THAT(refusal({"x=1..1e300*1.0000001"}), HasSubstr("more than 10000 values"));
}

TEST(Values, OfAFile) {
  const TempFolder folder = TempFolder::make().value();
  const std::string path = (folder.path() / "list").string();
  ASSERT_TRUE(write_file(path, "1..3\r\n\na,b\n"));
  EXPECT_THAT(values_of("@" + path), ElementsAre("1..3", "a,b"));
  ASSERT_TRUE(write_file(path, "\n"));
  EXPECT_THAT(refusal({"x=@" + path}), HasSubstr("no line has a value"));
  ASSERT_TRUE(write_file(path, std::string("a\0b\n", 4)));
  EXPECT_THAT(refusal({"x=@" + path}), HasSubstr("zero byte"));
  EXPECT_THAT(refusal({"x=@" + path + "-not"}), HasSubstr("No such file"));
}

TEST(Values, SayWhatIsWrong) {
  EXPECT_THAT(refusal({"x="}), HasSubstr("x has no value"));
  EXPECT_THAT(refusal({"x=1,,2"}), HasSubstr("a value is empty"));
  EXPECT_THAT(refusal({"=1"}), HasSubstr("'=1' is not NAME=V1,V2,.."));
  EXPECT_THAT(refusal({"2x=1"}), HasSubstr("is not NAME"));
  EXPECT_THAT(refusal({"threads"}), HasSubstr("is not NAME"));
  EXPECT_THAT(refusal({"x=1", "x=2"}), HasSubstr("'x' is named twice"));
}

TEST(Combinations, ChangeTheLastParameterFirst) {
  const auto parameters = parse_parameters({"a=1,2", "b=x,y"}, "-L");
  const auto all = combinations(*parameters, 10);
  ASSERT_TRUE(all);
  Words labels;
  for (const auto& values : *all) labels.push_back(label_of(values));
  EXPECT_THAT(labels, ElementsAre("a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"));
  EXPECT_EQ(combinations({}, 10)->size(), 1u);
}

TEST(Combinations, AreCountedBeforeTheyAreMade) {
  const auto parameters = parse_parameters({"a=1..100", "b=1..100", "c=1..100", "d=1..100"}, "-L");
  const auto all = combinations(*parameters, 1000);
  ASSERT_FALSE(all);
  EXPECT_THAT(one_line(all.error()), HasSubstr("100,000,000 variants; 1,000 are the most"));
}

TEST(Combinations, HaveLabelsOfTheirOwn) {
  const auto refused = [](const std::vector<std::string>& texts) {
    const auto all = combinations(*parse_parameters(texts, "-L"), 100);
    return all ? "taken" : one_line(all.error());
  };
  EXPECT_THAT(refused({"n=1..4,3"}), HasSubstr("two variants are 'n=3'"));
  EXPECT_THAT(refused({"a=1,1 b=2", "b=2 b=3,3"}), HasSubstr("two variants are 'a=1 b=2 b=3'"));
  EXPECT_EQ(refused({"side=a,b", "n=1,2"}), "taken");
}

TEST(Filled, PutsValuesInTheirPlaces) {
  const std::vector<Fact> values = {{"n", "2"}, {"name", "a {n}"}};
  const auto text = [&](const char* word) {
    const auto result = filled(word, values);
    return result ? *result : one_line(result.error());
  };
  EXPECT_EQ(text("--threads={n}/{n}"), "--threads=2/2");
  EXPECT_EQ(text("{name}"), "a {n}");
  EXPECT_EQ(text("{{n}}"), "{n}");
  EXPECT_EQ(text("{print $1} { } {"), "{print $1} { } {");
  EXPECT_THAT(text("{nam}"), HasSubstr("{nam} is no name of -L or --vary; did you mean 'name'?"));
  EXPECT_EQ(*filled("{{n}} {n}", {}), "{{n}} {n}");
}

TEST(Turns, InterleavedBeginWithAnotherEachTime) {
  EXPECT_THAT(turns(Order::interleaved, 3, 1, 1, 0), ElementsAre(0, 1, 2));
  EXPECT_THAT(turns(Order::interleaved, 3, 2, 1, 0), ElementsAre(1, 2, 0));
  EXPECT_THAT(turns(Order::interleaved, 3, 1, 2, 0), ElementsAre(1, 2, 0));
  EXPECT_THAT(turns(Order::interleaved, 3, 4, 1, 0), ElementsAre(0, 1, 2));
  EXPECT_THAT(turns(Order::blocked, 2, 7, 1, 0), ElementsAre(0, 1));
}

TEST(Turns, RandomOnesAreDrawnAnewAndTheSameOfASeed) {
  std::set<std::vector<int>> orders;
  for (int test = 1; test <= 50; ++test) {
    const std::vector<int> order = turns(Order::random, 3, test, 1, 7);
    EXPECT_THAT(order, testing::UnorderedElementsAre(0, 1, 2));
    EXPECT_EQ(order, turns(Order::random, 3, test, 1, 7));
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 6u);
}

TEST(Drawn, IsAnyOfTheValues) {
  const std::vector<Parameter> parameters = {{"align", {"0", "16", "32"}}};
  std::set<std::string> seen;
  for (int test = 1; test <= 50; ++test) seen.insert(drawn(parameters, test, 7).at(0).value);
  EXPECT_EQ(seen.size(), 3u);
}

TEST(Arrangement, SaysHowItWas) {
  ArrangementRequest request;
  request.parameters = {"n=1,2"};
  request.varied = {"align=0,16"};
  request.order = "random";
  request.prepare = "sync";
  const auto arrangement = arrangement_of(request);
  ASSERT_TRUE(arrangement) << one_line(arrangement.error());
  Words keys;
  for (const Fact& fact : procedure_of(*arrangement)) keys.push_back(fact.key);
  EXPECT_THAT(keys, ElementsAre("order", "prepare", "vary align", "seed"));
  request.order = "sideways";
  EXPECT_THAT(one_line(arrangement_of(request).error()), HasSubstr("'sideways' is no order"));
  request.varied = {"n=3"};
  EXPECT_THAT(one_line(arrangement_of(request).error()), HasSubstr("'n' is named twice"));
  EXPECT_TRUE(procedure_of(*arrangement_of({})).empty());
}

TEST(Items, AreNumbersOnceTheyAreFilled) {
  const std::vector<Fact> values = {{"batch", "8"}};
  EXPECT_EQ(*items_of("{batch}", values), 8);
  EXPECT_EQ(*items_of("{batch}0", values), 80);
  EXPECT_EQ(*items_of("", values), std::nullopt);
  EXPECT_THAT(one_line(items_of("x{batch}", values).error()), HasSubstr("'x8' is not a number from 1e-09"));
}

}  // namespace
}  // namespace pw
