// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/uncounted.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"

namespace pw {
namespace {

using testing::HasSubstr;

// Of an event that was enabled for `enabled` seconds, where the command took `cpu` seconds of CPU time.
Reading after(double enabled, double cpu, bool expected, bool of_cpus = false) {
  CountingPlan plan;
  plan.events.resize(1);
  if (of_cpus) plan.events[0].cpus = {0};
  const Nanoseconds time = to_nanoseconds({enabled});
  std::vector<Reading> readings = {{0, 42, time, time, CountStatus::ok, ""}};
  mark_uncounted(readings, plan, {cpu}, expected);
  return readings[0];
}

TEST(MarkUncounted, WhereTheCounterMissedClearlyPartOfTheCpuTime) {
  EXPECT_EQ(after(1, 1, false).status, CountStatus::ok);
  EXPECT_EQ(after(0.9, 1, false).status, CountStatus::ok);
  EXPECT_EQ(after(1.2, 1, false).status, CountStatus::ok);
  EXPECT_EQ(after(0.0005, 0.002, false).status, CountStatus::ok);  // what comes before the exec
  const Reading missed = after(0.25, 1, false);
  EXPECT_EQ(missed.status, CountStatus::not_counted);
  EXPECT_THAT(missed.reason, HasSubstr("on for 0.25 of 1 s of CPU time"));
}

TEST(MarkUncounted, WhereItIsExpectedHoweverShort) {
  EXPECT_EQ(after(0.0000236, 0.0012, true).status, CountStatus::not_counted);
  EXPECT_EQ(after(0.0012, 0.0012, true).status, CountStatus::ok);  // the kernel went on, for root
}

TEST(MarkUncounted, LeavesCountersOfWholeCpusAlone) {
  EXPECT_EQ(after(0.001, 1, true, true).status, CountStatus::ok);
}

std::vector<Reading> counted(std::uint64_t instructions, std::uint64_t faults,
                             CountStatus status = CountStatus::ok) {
  return {{0, instructions, {7}, {7}, status, ""}, {1, faults, {7}, {7}, status, ""}};
}

TEST(CountsSeen, TellThatNothingWasMissedByACountThatIsNoSmallerThanBefore) {
  CountsSeen seen;
  EXPECT_FALSE(seen.as_before(counted(1'000'000, 50)));  // nothing to go by
  for (const std::uint64_t count : {900'000u, 1'000'000u, 5'000'000u}) seen.add(counted(count, 50));
  EXPECT_TRUE(seen.as_before(counted(990'000, 50)));
  EXPECT_TRUE(seen.as_before(counted(990'000, 20)));  // of few
  EXPECT_FALSE(seen.as_before(counted(800'000, 50)));
  EXPECT_FALSE(seen.as_before({{1, 50, {7}, {7}, CountStatus::ok, ""}}));  // fewer than tell
  EXPECT_FALSE(seen.as_before({{2, 990'000, {7}, {7}, CountStatus::ok, ""}}));
  EXPECT_FALSE(seen.as_before(counted(990'000, 50, CountStatus::not_counted)));
}

TEST(CountsSeen, GoByTheLatestThatHaveACount) {
  CountsSeen seen;
  for (int i = 0; i < 20; ++i) seen.add(counted(1'000'000, 50));
  for (int i = 0; i < 20; ++i) seen.add(counted(10, 50, CountStatus::not_counted));
  EXPECT_FALSE(seen.as_before(counted(500'000, 50)));
  for (int i = 0; i < 6; ++i) seen.add(counted(500'000, 50));
  EXPECT_TRUE(seen.as_before(counted(500'000, 50)));
}

TEST(AddUncounted, GivesEachEventWithoutAReadingOneWithAReason) {
  std::vector<Reading> readings = {{1, 42, {7}, {7}, CountStatus::ok, ""}};
  add_uncounted(readings, {0, 1}, "process 123 ended before pass 2 began");
  ASSERT_EQ(readings.size(), 2u);
  EXPECT_EQ(readings[0].value, 42u);
  EXPECT_EQ(readings[1].event, 0);
  EXPECT_EQ(readings[1].status, CountStatus::not_counted);
  EXPECT_EQ(readings[1].reason, "process 123 ended before pass 2 began");
}

constexpr pid_t kNobody = 1 << 22;  // never a process

TEST(TargetEnds, AreToldOfTheExecutionThatTheyComeIn) {
  TargetEnds ends({kNobody, ::getpid()});
  EXPECT_EQ(ends.text(), fmt::format("processes 4194304, {}", ::getpid()));
  ends.look(to_nanoseconds({10.61}));
  EXPECT_FALSE(ends.all());
  EXPECT_THAT(ends.running(), testing::ElementsAre(::getpid()));
  EXPECT_THAT(
      ends.take_remarks(to_nanoseconds({10}), false),
      testing::ElementsAre("process 4194304 ended 0.61 s into it: nothing of it was counted from then on"));
  EXPECT_TRUE(ends.take_remarks(to_nanoseconds({11}), false).empty());
}

TEST(TargetEnds, ThatAreWaitedForAreNoSurprise) {
  TargetEnds ends({kNobody}), before({kNobody});
  ends.look(to_nanoseconds({10.61}));
  before.look(to_nanoseconds({9}));
  EXPECT_TRUE(ends.all());
  EXPECT_TRUE(ends.take_remarks(to_nanoseconds({10}), true).empty());
  EXPECT_THAT(before.take_remarks(to_nanoseconds({10}), true),
              testing::ElementsAre("process 4194304 had ended before it: nothing of it was counted"));
  EXPECT_FALSE(TargetEnds({}).all());
}

bool ends(const std::string& program, uid_t uid) { return exec_ends_counters(program, uid, uid); }

TEST(ExecEndsCounters, OfAnotherUsersSetUserIdFile) {
  const TempFolder folder = TempFolder::make().value();
  const std::string program = (folder.path() / "program").string();
  ASSERT_TRUE(write_file(program, "#!/bin/sh\n"));
  const uid_t us = ::getuid();
  ASSERT_EQ(::chmod(program.c_str(), 0755), 0);
  EXPECT_FALSE(ends(program, us + 1));
  ASSERT_EQ(::chmod(program.c_str(), 04755), 0);
  EXPECT_TRUE(ends(program, us + 1));
  EXPECT_FALSE(ends(program, us));
  ASSERT_EQ(::chmod(program.c_str(), 0711), 0);  // it may be executed, but not read
  EXPECT_TRUE(ends(program, us + 1));
  EXPECT_FALSE(ends(program, us));
  EXPECT_FALSE(ends("sh", us + 1));
  EXPECT_FALSE(ends("no-such-program", us + 1));
}

}  // namespace
}  // namespace pw
