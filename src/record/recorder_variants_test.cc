// SPDX-License-Identifier: GPL-3.0-or-later
// Variants that take turns, and what runs around them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "record/test_recorder.h"

namespace pw {
namespace {

using test::FakeRun;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kAll = {"run", "setup of", "prepare of", "conclude of", "cleanup of"};

void set_command(FakeRun& fake, Around kind) {
  fake.session.arrangement
      .commands[static_cast<std::size_t>(kind) - static_cast<std::size_t>(Around::setup)] = "true";
}

TEST(RecorderVariants, AreWarmedAndThenTakeTurnsInEachTest) {
  FakeRun fake;
  fake.make_variants(2);
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.only(kAll), ElementsAre("run 0/1 of 0", "run 0/1 of 1", "run 1/1 of 0", "run 1/1 of 1",
                                           "run 2/1 of 1", "run 2/1 of 0"));
  EXPECT_EQ(fake.sink.executions.back().variant, 0);
}

TEST(RecorderVariants, BlockedRunOneAfterTheOther) {
  FakeRun fake;
  fake.make_variants(2);
  fake.session.arrangement.order = Order::blocked;
  set_command(fake, Around::setup);
  set_command(fake, Around::cleanup);
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.only(kAll),
              ElementsAre("setup of 0", "run 0/1 of 0", "run 1/1 of 0", "run 2/1 of 0", "cleanup of 0",
                          "setup of 1", "run 0/1 of 1", "run 1/1 of 1", "run 2/1 of 1", "cleanup of 1"));
}

TEST(RecorderVariants, HaveCommandsAroundThem) {
  FakeRun fake;
  fake.make_variants(2);
  fake.experiment().tests = 1;
  for (const Around kind : kArounds) set_command(fake, kind);
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.only(kAll), ElementsAre("setup of 0", "prepare of 0", "run 0/1 of 0", "conclude of 0",
                                           "setup of 1", "prepare of 1", "run 0/1 of 1", "conclude of 1",
                                           "prepare of 0", "run 1/1 of 0", "conclude of 0", "prepare of 1",
                                           "run 1/1 of 1", "conclude of 1", "cleanup of 0", "cleanup of 1"));
  EXPECT_THAT(fake.log, Contains("prepare 0.5 to 1"));
}

TEST(RecorderVariants, OneWhoseWarmUpFailsIsNotTestedAndTheOthersAre) {
  FakeRun fake;
  fake.make_variants(3);
  fake.executor.script = {{}, {1, 7}, {}};
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_FALSE(outcome->stopped_in_warmup());
  ASSERT_TRUE(outcome->failed);
  EXPECT_EQ(outcome->failed->variant, 1);
  EXPECT_THAT(outcome->dropped, ElementsAre("n=1"));
  EXPECT_FALSE(outcome->test_failed);
  EXPECT_THAT(fake.log, Contains("note: n=1: its warm-up failed: it is not tested"));
  for (const Step& step : fake.executor.steps)
    if (step.test > 0) {
      EXPECT_NE(step.variant, 1);
    }
  EXPECT_EQ(fake.executor.steps.size(), 3u + 4u);
}

TEST(RecorderVariants, EndWhereAllWarmUpsFail) {
  FakeRun fake;
  fake.make_variants(2);
  fake.executor.script = {{1, 7}};
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->stopped_in_warmup());
  EXPECT_EQ(outcome->ending, Ending::failed);
  EXPECT_EQ(fake.executor.steps.size(), 2u);
}

TEST(RecorderVariants, ACommandBeforeThemThatFailsEndsTheRun) {
  FakeRun fake;
  fake.make_variants(2);
  set_command(fake, Around::prepare);
  set_command(fake, Around::cleanup);
  fake.executor.fails = [](Around kind, const Step& step) {
    return kind == Around::prepare && step.test == 1 && step.variant == 1 ? "failed with exit status 3" : "";
  };
  const auto outcome = fake.run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, Failure::command);
  EXPECT_THAT(one_line(outcome.error()),
              HasSubstr("the command of --prepare at test 1, pass 1 of n=1 failed with exit status 3"));
  EXPECT_THAT(fake.log, Contains("cleanup of 1"));
  EXPECT_EQ(fake.log.back(), "end failed");
}

TEST(RecorderVariants, ACleanupThatFailsLeavesTheTestsWhole) {
  FakeRun fake;
  fake.make_variants(1);
  set_command(fake, Around::cleanup);
  fake.executor.fails = [](Around, const Step&) { return "failed with exit status 3"; };
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_EQ(outcome->cleanup_failed, "the command of --cleanup of n=0 failed with exit status 3");
}

TEST(RecorderVariants, AreCleanedUpAfterCtrlC) {
  FakeRun fake;
  fake.make_variants(2);
  set_command(fake, Around::setup);
  set_command(fake, Around::cleanup);
  fake.world.send(SIGINT, 0.7);  // in the warm-up of the first
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::stopped);
  EXPECT_THAT(fake.only(kAll), ElementsAre("setup of 0", "run 0/1 of 0", "cleanup of 0"));
}

TEST(RecorderVariants, StopWhenEachIsKnownWellEnough) {
  FakeRun fake;
  fake.make_variants(2);
  fake.experiment().tests = 50;
  fake.experiment().warmups = 0;
  fake.session.stop_when = StopRule{"elapsed", std::nullopt, 0.01};
  ASSERT_TRUE(fake.run());
  EXPECT_EQ(fake.executor.steps.size(), 2u * StopRule::kLeastTests);
}

TEST(RecorderVariants, DrawOneValueForEachTest) {
  FakeRun fake;
  fake.make_variants(2);
  fake.experiment().tests = 20;
  fake.session.arrangement.varied = {{"align", {"0", "16"}}};
  ASSERT_TRUE(fake.run());
  std::map<int, std::string> by_test;
  for (const Step& step : fake.executor.steps) {
    const auto at = by_test.try_emplace(step.test, step.drawn.at(0).value).first;
    EXPECT_EQ(at->second, step.drawn.at(0).value);
  }
}

}  // namespace
}  // namespace pw
