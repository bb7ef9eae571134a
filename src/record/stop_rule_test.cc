// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/stop_rule.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

Execution execution(int test, double seconds, std::uint64_t cycles = 0) {
  Execution one;
  one.test = test;
  one.end = to_nanoseconds({seconds});
  if (cycles > 0) one.readings = {{3, cycles, {9}, {9}, CountStatus::ok, ""}};
  return one;
}

// 10, 10.1, 9.9, 10, 10: deviation 0.0707107, times 2.7764 / √5 = 0.087798, which is 0.878 % of 10.
TEST(StopRule, NeedsFiveTestsAndANarrowInterval) {
  StopWatch watch({"elapsed", std::nullopt, 0.01});
  EXPECT_FALSE(watch.width());
  EXPECT_EQ(watch.text(),
            "the 95 % interval of elapsed is unknown after 0 tests, --stop-when asks for ± 1 %");
  for (const double seconds : {10.0, 10.1, 9.9, 10.0}) watch.add(execution(watch.tests() + 1, seconds));
  EXPECT_FALSE(watch.reached());
  watch.add(execution(5, 10));
  EXPECT_NEAR(*watch.width(), 0.0087798, 1e-6);
  EXPECT_TRUE(watch.reached());
  EXPECT_EQ(watch.text(),
            "the 95 % interval of elapsed is ± 0.88 % after 5 tests, --stop-when asks for ± 1 %");
}

TEST(StopRule, FourEqualTestsAreNotEnough) {
  StopWatch watch({"elapsed", std::nullopt, 0.01});
  for (int test = 1; test <= 4; ++test) watch.add(execution(test, 10));
  EXPECT_EQ(watch.width(), 0);
  EXPECT_FALSE(watch.reached());
}

TEST(StopRule, TakesTheEventOverThePassesThatHaveIt) {
  StopWatch watch({"cycles", 3, 0.01});
  Execution failed = execution(1, 1, 7);
  failed.exit_status = 1;
  watch.add(failed);
  watch.add(execution(0, 1, 9));  // a warm-up
  watch.add(execution(1, 1, 100));
  watch.add(execution(1, 1));
  watch.add(execution(2, 1, 90));
  watch.add(execution(2, 1, 110));
  EXPECT_EQ(watch.tests(), 2);
  EXPECT_EQ(watch.width(), 0);
}

TEST(StopRule, StopsAndSaysSoWhereAllTestsHaveTheSameValue) {
  for (const double seconds : {0.0, 2.0}) {
    StopWatch watch({"elapsed", std::nullopt, 0.5});
    for (int test = 1; test <= 4; ++test) watch.add(execution(test, seconds));
    EXPECT_FALSE(watch.reached());
    watch.add(execution(5, seconds));
    EXPECT_EQ(watch.width(), 0);
    EXPECT_TRUE(watch.reached());
    EXPECT_EQ(watch.text(), "elapsed is " + std::string(seconds > 0 ? "2" : "0") +
                                " in each of 5 tests: more of them tell no more");
  }
}

// As parse_events has them.
std::vector<EventRequest> requests(const std::string& list) { return parse_events(list).value(); }

TEST(StopRule, IsAnEventOfTheRunAndAWidth) {
  const auto elapsed = parse_stop("elapsed:0.5%", {});
  ASSERT_TRUE(elapsed);
  EXPECT_EQ(elapsed->name, "elapsed");
  EXPECT_EQ(elapsed->width, 0.005);
  EXPECT_EQ(parse_stop("cpu-cycles:1%", requests("cycles"))->name, "cycles");  // perf's other name
  EXPECT_EQ(parse_stop("cycles:u:1%", requests("cycles:u"))->name, "cycles:u");
  EXPECT_EQ(parse_stop("elapsed:100%", {})->width, 1);
}

TEST(StopRule, RefusesWhatIsNone) {
  for (const char* text : {"", "elapsed", ":1%", "elapsed:1", "elapsed:%", "elapsed:0%", "elapsed:-1%",
                           "elapsed:101%", "elapsed:nan%", "elapsed:x%"}) {
    const auto refused = parse_stop(text, {});
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().kind, Failure::input);
  }
  EXPECT_NE(parse_stop("elapsd:1%", {}).error().hint.find("elapsed"), std::string::npos);
  EXPECT_NE(parse_stop("branches:1%", requests("cycles")).error().hint.find("cycles"), std::string::npos);
}

TEST(StopRule, FindsItsEventOrSaysWhyNot) {
  Event refused;
  refused.name = "cycles";
  refused.status = CountStatus::not_supported;
  refused.reason = "no PMU";
  Event counted;
  counted.name = "page-faults";
  const std::vector<Event> events = {refused, counted};
  EXPECT_EQ(resolve_stop({"page-faults", {}, 0.01}, events)->event, 1);
  EXPECT_FALSE(resolve_stop({"elapsed", {}, 0.01}, events)->event);
  const auto cycles = resolve_stop({"cycles", {}, 0.01}, events);
  ASSERT_FALSE(cycles);
  EXPECT_EQ(cycles.error().kind, Failure::not_possible);
  EXPECT_EQ(cycles.error().what, "cycles cannot be counted here: no PMU");
  EXPECT_EQ(resolve_stop({"branches", {}, 0.01}, events).error().kind, Failure::not_possible);
}

}  // namespace
}  // namespace pw
