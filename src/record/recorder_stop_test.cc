// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are stopped: by signals at every moment, and by a disk that is full at every call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/exit_status.h"
#include "record/test_recorder.h"

namespace pw {
namespace {

using test::FakeRun;
using testing::Contains;
using testing::HasSubstr;

// Idle before 0 to 10; warm-up 10 to 11; then pauses of 3 s and executions of 1 s: 14 to 15 (1/1), 18 to 19
// (1/2), 22 to 23 (2/1), 26 to 27 (2/2); idle after to 37.
std::string phase_at(double second) {
  if (second < 10) return "idle before 0, pass 0";
  if (second < 11) return "warm-up 0, pass 1";
  if (second < 15) return "test 1, pass 1";
  if (second < 19) return "test 1, pass 2";
  if (second < 23) return "test 2, pass 1";
  return second < 27 ? "test 2, pass 2" : "idle after 2, pass 2";
}

std::size_t executions_ended_before(double second) {
  std::size_t ended = 0;
  for (const double end : {11, 15, 19, 23, 27}) ended += second > end ? 1 : 0;
  return ended;
}

void stop_at(int signal, double second) {
  SCOPED_TRACE(fmt::format("signal {} at {} s", signal, second));
  FakeRun fake;
  fake.experiment().pause = {3};
  fake.world.send(signal, second);
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::stopped);
  EXPECT_EQ(outcome->stop_signal, signal);
  EXPECT_EQ(fake.world.now(), test::at_second(second));  // it does not dawdle
  EXPECT_EQ(fake.sink.executions.size(), executions_ended_before(second));
  const std::string where = fmt::format("note: stopped by {} in {}", signal_name(signal), phase_at(second));
  EXPECT_THAT(fake.log, Contains(HasSubstr(where)));
  EXPECT_THAT(fake.log, Contains("feed stops"));
  EXPECT_EQ(fake.log.back(), "end stopped");
  const bool idle_after = second > 27;
  EXPECT_EQ(std::ranges::count(fake.log, fmt::format("window after 27 to {:.6g}", second)), idle_after);
}

TEST(RecorderStop, HeedsEverySignalInEveryPhase) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    for (double second = 0.25; second < 37; second += 0.5) stop_at(signal, second);
}

TEST(RecorderStop, RunsNothingAfterASignalThatCameBeforeTheStart) {
  FakeRun fake;
  fake.with_feed = false;
  fake.world.send(SIGINT, 0);
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::stopped);
  EXPECT_TRUE(fake.sink.executions.empty());
}

TEST(RecorderStop, IsNotStoppedByTheEndOfSomeOtherChild) {
  FakeRun fake;
  fake.world.send(SIGCHLD, 5);
  fake.world.send(SIGCHLD, 11.5);
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_EQ(fake.sink.executions.size(), 5u);
}

TEST(RecorderStop, ANarrowIntervalIsNotClaimedWhereASignalStoppedTheRun) {
  FakeRun fake;
  fake.session.stop_when = StopRule{"elapsed", std::nullopt, 0.01};
  fake.experiment().tests = 100;
  fake.world.send(SIGINT, 15.5);
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.log, Not(Contains(HasSubstr("interval"))));
}

// Warm-up 10 to 11, tests in two passes of 1 s: where what is counted ends in one of them.
Outcome run_until_over_at(FakeRun& fake, double second) {
  fake.executor.over_at = second;
  auto outcome = fake.run();
  EXPECT_TRUE(outcome);
  return outcome.value_or(Outcome{});
}

TEST(RecorderStop, EndsAsUsualWhereWhatIsCountedEnds) {
  FakeRun fake;
  fake.experiment().tests = 12;
  const Outcome outcome = run_until_over_at(fake, 13.5);
  EXPECT_EQ(outcome.ending, Ending::complete);
  EXPECT_EQ(outcome.untested, "");
  EXPECT_EQ(fake.sink.executions.size(), 4u);  // warm-up, 1/1, 1/2, 2/1
  EXPECT_THAT(fake.log,
              Contains("note: process 123 ended: the run ends after test 2, pass 1 (of 12 tests in 2 "
                       "passes)"));
  EXPECT_THAT(fake.log, Contains("window after 14 to 24"));
  EXPECT_EQ(fake.log.back(), "end complete");
}

TEST(RecorderStop, SaysNothingWhereItEndsInTheLastExecution) {
  FakeRun fake;
  EXPECT_EQ(run_until_over_at(fake, 14.5).ending, Ending::complete);
  EXPECT_EQ(fake.sink.executions.size(), 5u);
  EXPECT_THAT(fake.log, Not(Contains(HasSubstr("process 123"))));
}

TEST(RecorderStop, RunsTheNextPassWhereItEndsBetweenTwoAndNoMoreTest) {
  FakeRun fake;
  fake.experiment().pause = {3};
  run_until_over_at(fake, 16);  // 1/1 ends at 15, 1/2 begins at 18
  EXPECT_EQ(fake.sink.executions.size(), 3u);
  FakeRun later;
  later.experiment().pause = {3};
  run_until_over_at(later, 20);  // 1/2 ends at 19
  EXPECT_EQ(later.sink.executions.size(), 3u);
  EXPECT_THAT(later.log, Contains(HasSubstr("ended: the run ends after test 1, pass 2")));
}

TEST(RecorderStop, HasNoTestWhereItEndsBeforeTheFirst) {
  for (const double second : {5.0, 10.5}) {  // the idle window, the warm-up
    FakeRun fake;
    const Outcome outcome = run_until_over_at(fake, second);
    EXPECT_EQ(outcome.ending, Ending::failed);
    EXPECT_EQ(outcome.untested, "process 123 ended");
    EXPECT_EQ(fake.sink.executions.size(), second < 10 ? 0u : 1u);
    EXPECT_THAT(fake.log, Contains("note: process 123 ended before the first test: no test was counted"));
    EXPECT_EQ(fake.log.back(), "end failed");
  }
}

TEST(RecorderStop, ClaimsNoNumberOfTestsOfAnIntervalWhereWhatIsCountedEnds) {
  FakeRun fake;
  fake.session.stop_when = StopRule{"elapsed", std::nullopt, 0.01};
  fake.experiment().tests = 100;
  run_until_over_at(fake, 12.5);
  EXPECT_THAT(fake.log, Contains(HasSubstr("asks for ± 1 %: not reached")));
  EXPECT_THAT(fake.log, Not(Contains(HasSubstr("within 100 tests"))));
}

// What a full disk says is the run's error, nothing runs after it, and the recording's end is still tried.
void fill_disk_at(int call) {
  SCOPED_TRACE(fmt::format("call {}", call));
  FakeRun fake;
  fake.session.notes = {{NoteKind::refusal, {}, "no occ here"}};
  fake.feed.dies_at = 12;
  fake.sink.full_at = call;
  const auto outcome = fake.run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, Failure::measurement);
  EXPECT_EQ(outcome.error().what, "the disk is full");
  EXPECT_EQ(outcome.error().where, fmt::format("call {}", call));   // the first, not what followed from it
  EXPECT_LE(fake.sink.calls, call + 2);                             // the samples so far, and the end
  EXPECT_EQ(std::ranges::count(fake.log, "feed stops"), call > 1);  // before, nothing had begun
  for (std::size_t i = fake.sink.full_since; i < fake.log.size(); ++i) {
    EXPECT_THAT(fake.log[i], Not(HasSubstr("run "))) << "after the disk was full";
    EXPECT_THAT(fake.log[i], Not(HasSubstr("execution")));
  }
}

TEST(RecorderStop, EndsAtAFullDiskWhereverItComes) {
  FakeRun whole;
  whole.session.notes = {{NoteKind::refusal, {}, "no occ here"}};
  whole.feed.dies_at = 12;
  ASSERT_TRUE(whole.run());
  ASSERT_GT(whole.sink.calls, 50);
  for (int call = 1; call <= whole.sink.calls; ++call) fill_disk_at(call);
}

TEST(RecorderStop, AFullDiskWhileStoppingIsTold) {
  FakeRun whole;
  whole.world.send(SIGTERM, 12.25);
  ASSERT_TRUE(whole.run());
  for (int back = 0; back < 3; ++back) {  // the samples, the note and the end
    FakeRun fake;
    fake.world.send(SIGTERM, 12.25);
    fake.sink.full_at = whole.sink.calls - back;
    const auto outcome = fake.run();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, Failure::measurement);
  }
}

}  // namespace
}  // namespace pw
