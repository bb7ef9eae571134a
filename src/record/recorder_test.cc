// SPDX-License-Identifier: GPL-3.0-or-later
// The order of things in a run that nothing stops.
#include "record/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

#include "record/test_recorder.h"

namespace pw {
namespace {

using test::FakeRun;
using test::Log;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Recorder, RunsEachTestOncePerPassBetweenIdleWindows) {
  FakeRun fake;
  fake.session.notes = {{NoteKind::refusal, {}, "no occ here"}};
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_FALSE(outcome->failed);
  EXPECT_THAT(fake.steps(),
              ElementsAre("begin", "note: no occ here", "window before 0 to 10", "run 0/1 at 10",
                          "execution 0/1", "run 1/1 at 11", "execution 1/1", "run 1/2 at 12", "execution 1/2",
                          "run 2/1 at 13", "execution 2/1", "run 2/2 at 14", "execution 2/2",
                          "window after 15 to 25", "feed stops", "end complete"));
  EXPECT_EQ(fake.observer.executions, 5);
}

TEST(Recorder, TellsEverySampleWithinHalfASecond) {
  FakeRun fake;
  ASSERT_TRUE(fake.run());
  ASSERT_EQ(fake.sink.all_samples.size(), 26u);  // of the seconds 0 to 25
  EXPECT_LE(fake.sink.latest_sample, test::at_second(0.5));
  ASSERT_EQ(fake.sink.counted.size(), 1u);
  EXPECT_GT(fake.sink.counted.front().reads, 0);
}

TEST(Recorder, KeepsWhatIsToldOfTheServer) {
  FakeRun fake;
  fake.feed.bins = {{0, {}, {1}, Watts{500}, {}, {}, {}, {}, {}}, {0, {1}, {2}, {}, {}, {}, {}, {}, {}}};
  ASSERT_TRUE(fake.run());
  ASSERT_EQ(fake.sink.all_bins.size(), 2u);
  EXPECT_EQ(fake.sink.all_bins[0].watts, Watts{500});
}

TEST(Recorder, TellsTheSamplerEachBeginAndEndOfAnExecution) {
  FakeRun fake;
  ASSERT_TRUE(fake.run());
  std::vector<Nanoseconds> edges;
  for (const double second : {10, 11, 11, 12, 12, 13, 13, 14, 14, 15})
    edges.push_back(test::at_second(second));
  EXPECT_EQ(fake.feed.marks, edges);
}

TEST(Recorder, HasNoIdleWindowWithoutAPowerSource) {
  FakeRun fake;
  fake.with_feed = false;
  fake.experiment().warmups = 0;
  fake.experiment().tests = 1;
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.log, ElementsAre("begin", "run 1/1 at 0", "execution 1/1", "run 1/2 at 1", "execution 1/2",
                                    "end complete"));
  EXPECT_EQ(fake.sink.counted.front().name, "fake");  // as the header has them
}

// 1.1 periods of the slowest source before, 2.1 behind them, two seconds at most.
TEST(Recorder, WithoutIdleTimeWaitsForAReadingOnEitherSide) {
  for (const auto& [rate, first, end] :
       {std::tuple{1.0, "run 1/1 at 1.1", 7.1}, {4.0, "run 1/1 at 0.275", 4.8}, {0.1, "run 1/1 at 2", 8.0}}) {
    FakeRun fake;
    fake.experiment().idle = {};
    fake.experiment().warmups = 0;
    fake.session.header.sources.front().rate_hz = rate;
    ASSERT_TRUE(fake.run());
    EXPECT_EQ(fake.steps()[1], first);
    EXPECT_NEAR(to_seconds(fake.world.now()).value, end, 1e-6);
    for (const std::string& step : fake.steps()) EXPECT_THAT(step, Not(HasSubstr("window")));
  }
}

TEST(Recorder, PausesBetweenExecutionsAndNotBeforeTheFirst) {
  FakeRun fake;
  fake.with_feed = false;
  fake.experiment().pause = {3};
  fake.experiment().tests = 1;
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.log, ElementsAre("begin", "run 0/1 at 0", "execution 0/1", "run 1/1 at 4", "execution 1/1",
                                    "run 1/2 at 8", "execution 1/2", "end complete"));
}

TEST(Recorder, GoesOnAfterAFailedTestAndKeepsIt) {
  FakeRun fake;
  fake.executor.script = {{}, {}, {1, 7}, {1, 143, true}, {}};
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_FALSE(outcome->stopped_in_warmup());
  ASSERT_TRUE(outcome->failed);  // the first one
  EXPECT_EQ(outcome->failed->exit_status, 7);
  EXPECT_EQ(outcome->failed->pass, 2);
  ASSERT_EQ(fake.sink.executions.size(), 5u);
  EXPECT_TRUE(fake.sink.executions[3].timed_out);
}

TEST(Recorder, RunsNoTestAfterAWarmUpThatFailedOrTimedOut) {
  for (const test::Act& act : {test::Act{1, 3}, test::Act{1, 0, true}}) {
    FakeRun fake;
    fake.experiment().warmups = 3;
    fake.executor.script = {{}, act};
    const auto outcome = fake.run();
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(outcome->stopped_in_warmup());
    EXPECT_EQ(outcome->ending, Ending::failed);
    EXPECT_TRUE(outcome->failed->warmup());
    EXPECT_THAT(fake.steps(), ElementsAre("begin", "window before 0 to 10", "run 0/1 at 10", "execution 0/1",
                                          "run 0/1 at 11", "execution 0/1", "feed stops", "end failed"));
  }
}

TEST(Recorder, KeepsWhatWasMeasuredBeforeACommandThatCannotBeStarted) {
  FakeRun fake;
  fake.executor.script = {{}, {}, {.refused = Error{Failure::command, "text file busy", "fake", ""}}};
  const auto outcome = fake.run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, Failure::command);
  EXPECT_THAT(fake.steps(),
              ElementsAre("begin", "window before 0 to 10", "run 0/1 at 10", "execution 0/1", "run 1/1 at 11",
                          "execution 1/1", "run 1/2 at 12", "feed stops", "end failed"));
}

TEST(Recorder, GoesOnWithoutASamplerThatDies) {
  FakeRun fake;
  fake.feed.dies_at = 12;
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_EQ(fake.sink.all_samples.size(), 12u);
  EXPECT_EQ(std::ranges::count(fake.log, "note: fake: readings lost"), 1);
  EXPECT_THAT(fake.log, Contains("execution 2/2"));
  EXPECT_TRUE(fake.observer.told.front().watts);
  EXPECT_FALSE(fake.observer.told.back().watts);
}

TEST(Recorder, TellsPhasesAndTheTimeThatIsLeft) {
  FakeRun fake;
  fake.experiment().pause = {1};
  ASSERT_TRUE(fake.run());
  std::vector<std::string> phases;
  for (const Progress& progress : fake.observer.told)
    if (phases.empty() || phases.back() != progress.phase) phases.push_back(progress.phase);
  EXPECT_THAT(phases, ElementsAre("idle before", "warm-up", "test", "idle after"));
  EXPECT_FALSE(fake.observer.told.front().left);
  // Four executions of a second and four pauses, then 10 s of idle power.
  const auto first_test = std::ranges::find(fake.observer.told, "test", &Progress::phase);
  EXPECT_EQ(first_test->left->value, 18);
  EXPECT_EQ(first_test->test, 1);
  EXPECT_EQ(first_test->pass, 1);
}

TEST(Recorder, TellsHowLongAPhaseTakesStill) {
  FakeRun fake;
  ASSERT_TRUE(fake.run());
  const auto idle = std::ranges::find(fake.observer.told, "idle before", &Progress::phase);
  ASSERT_TRUE(idle->phase_left);
  EXPECT_EQ(idle->spent.value + idle->phase_left->value, 10);
  const auto warm_up = std::ranges::find(fake.observer.told, "warm-up", &Progress::phase);
  EXPECT_FALSE(warm_up->phase_left);  // nobody knows how long an execution takes
  EXPECT_FALSE(warm_up->left);
  EXPECT_TRUE(std::ranges::is_sorted(fake.observer.told.begin(), warm_up, std::greater(),
                                     [](const Progress& one) { return one.phase_left->value; }));
  const Progress& last = fake.observer.told.back();
  EXPECT_EQ(last.phase, "idle after");
  EXPECT_EQ(last.left->value, last.phase_left->value);
  for (const Progress& progress : fake.observer.told) {
    EXPECT_GE(progress.spent.value, 0);
    EXPECT_GE(progress.left.value_or(Seconds{0}).value, 0);
  }
}

TEST(Recorder, StopsWhereTheIntervalIsNarrowEnough) {
  FakeRun fake;
  fake.session.stop_when = StopRule{"elapsed", std::nullopt, 0.01};
  fake.experiment().tests = 100;
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_EQ(fake.sink.executions.size(), 1u + 5 * 2);  // five tests at least
  EXPECT_THAT(fake.log, Contains(HasSubstr("in each of 5 tests")));
  const Progress& last = fake.observer.told.back();
  EXPECT_EQ(last.wanted, 0.01);
  EXPECT_EQ(last.width, 0);
  EXPECT_TRUE(last.left);
  for (const Progress& progress : fake.observer.told)
    EXPECT_EQ(progress.left.has_value(), progress.phase == "idle after");  // else nobody knows
}

TEST(Recorder, SaysWhereTheIntervalStayedTooWide) {
  FakeRun fake;
  fake.session.stop_when = StopRule{"elapsed", std::nullopt, 0.001};
  fake.experiment().tests = 6;
  fake.executor.script = {{1}, {1}, {2}, {3}, {4}};
  ASSERT_TRUE(fake.run());
  EXPECT_EQ(fake.sink.executions.size(), 1u + 6 * 2);
  EXPECT_THAT(fake.log, Contains(HasSubstr("not reached within 6 tests (-n)")));
}

TEST(Recorder, LeavesOutWhatIsNotTheCommandsTimeAndSaysWhy) {
  FakeRun fake;
  fake.with_feed = false;
  fake.experiment().warmups = 0;
  fake.session.header.passes.resize(1);
  test::Act doubtful;
  doubtful.left_out = "it was stopped by Ctrl-Z for 4 s";
  test::Act remarked;
  remarked.remarks = {"some of what it started could not be ended"};
  fake.executor.script = {doubtful, remarked};
  ASSERT_TRUE(fake.run());
  ASSERT_EQ(fake.sink.executions.size(), 2U);
  EXPECT_EQ(fake.sink.executions[0].left_out, "it was stopped by Ctrl-Z for 4 s");
  EXPECT_FALSE(fake.sink.executions[0].of_test());
  EXPECT_TRUE(fake.sink.executions[1].of_test());
  EXPECT_EQ(fake.observer.executions, 1);
  EXPECT_THAT(fake.log, Contains("note: test 1, pass 1 is left out: it was stopped by Ctrl-Z for 4 s"));
  EXPECT_THAT(fake.log, Contains("note: test 2, pass 1: some of what it started could not be ended"));
}

TEST(Recorder, NamesWhatExecutionsLeaveRunningAndWhatThatRanInto) {
  FakeRun fake;
  fake.with_feed = false;
  fake.experiment().tests = 4;
  fake.session.header.passes.resize(1);
  test::Act leaving, meeting, clean;
  leaving.left = {{12, "sleep"}, {13, "cat"}};
  meeting.met = true;
  fake.executor.script = {leaving, meeting, meeting, clean, meeting};
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.log, Contains("note: the warm-up left 2 processes running: sleep (12), cat (13)"));
  EXPECT_THAT(fake.log,
              Contains("note: what earlier executions left running was still there in tests 1-2, 4"));
  EXPECT_EQ(fake.sink.executions.size(), 5U);
}

TEST(Recorder, DoesNotNameWhatEachOfManyExecutionsLeaves) {
  FakeRun fake;
  fake.with_feed = false;
  fake.experiment().tests = 50;
  test::Act leaving;
  leaving.left = {{12, "sleep"}};
  fake.executor.script = {leaving};
  ASSERT_TRUE(fake.run());
  EXPECT_EQ(
      std::ranges::count_if(fake.log, [](const auto& line) { return line.find("left 1 process") + 1 > 0; }),
      5);
  EXPECT_THAT(fake.log, Contains("note: 101 executions left processes running"));
}

TEST(Recorder, WithoutACommandKeepsWhatASignalEnded) {
  FakeRun fake;
  fake.experiment().tests = 1;
  fake.experiment().warmups = 0;
  fake.session.header.passes.resize(1);
  fake.session.until_signal = true;
  fake.executor.script = {{.seconds = 60}};
  fake.world.send(SIGINT, 15);
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  ASSERT_EQ(fake.sink.executions.size(), 1U);
  EXPECT_EQ(fake.sink.executions[0].end, test::at_second(15));
}

TEST(Recorder, WithoutACommandASignalBeforeTheTestIsNoUsualEnd) {
  FakeRun fake;
  fake.session.until_signal = true;
  fake.world.send(SIGINT, 5);  // in the idle window
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::stopped);
  EXPECT_TRUE(fake.sink.executions.empty());
}

TEST(Recorder, HasTheIdleWindowsOfTheNodesOfAJob) {
  FakeRun fake;
  fake.executor.nodes.emplace().idles.resize(3);
  fake.executor.launcher_seconds = 2;
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.log, Contains("idle of 3 nodes").Times(2));
  EXPECT_THAT(fake.log, Contains("window before 2 to 12")) << "without the launcher's own time";
}

TEST(Recorder, WatchesAloneWhereTheNodesDoNot) {
  FakeRun fake;
  fake.executor.nodes.emplace().remarks = {"the launcher failed"};
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.log, Contains(HasSubstr("idle power of the nodes before the tests: the launcher failed")));
  EXPECT_THAT(fake.log, Contains("window before 10 to 20"));
}

}  // namespace
}  // namespace pw
