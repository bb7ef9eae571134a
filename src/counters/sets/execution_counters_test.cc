// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/execution_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>

#include <thread>

#include "counters/sets/test_counting.h"
#include "os/command/test_programs.h"

namespace pw {
namespace {

using test::end_of;
using test::software_plan;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kThreadPages = 500;

TEST(ThreadsProgram, DISABLED_TouchesPagesInTwoThreads) {
  std::thread first([] { test::touch_pages(kThreadPages); }), second([] { test::touch_pages(kThreadPages); });
  first.join();
  second.join();
}

std::vector<std::string> two_threads() {
  return test::own_program("ThreadsProgram.DISABLED_TouchesPagesInTwoThreads");
}

TEST(ExecutionCounters, CountTheCommandFromItsExec) {
  const CountingPlan plan = software_plan("page-faults,task-clock");
  SKIP_WHERE_NOT_COUNTED(plan);
  Child child = test::spawn_stopped(two_threads());
  const ExecutionCounters counters = ExecutionCounters::open(plan, 1, {}, child.pid(), false).value();
  EXPECT_EQ(counters.tracer(), nullptr);
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child).exit_status, 0);
  const std::vector<Reading> readings = counters.read();
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_GE(readings[0].value, 2 * kThreadPages);
  EXPECT_EQ(readings[1].status, CountStatus::ok);
  EXPECT_TRUE(counters.read_parts().empty());
}

TEST(ExecutionCounters, ThatAreDelayedCountFromTheirStart) {
  const CountingPlan plan = software_plan("task-clock");
  SKIP_WHERE_NOT_COUNTED(plan);
  Child child = test::spawn_stopped(test::shell("echo begun; while :; do :; done"));
  const ExecutionCounters counters = ExecutionCounters::open(plan, 1, {}, child.pid(), true).value();
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(test::line_of(child), "begun");
  EXPECT_EQ(counters.read()[0].enabled.value, 0);
  counters.start();
  std::uint64_t counted = 0;
  while (counted == 0) counted = counters.read()[0].value;
  counters.stop();
  const std::uint64_t stopped = counters.read()[0].value;
  EXPECT_GE(stopped, counted);
  child.signal(SIGKILL);
  end_of(child);
  EXPECT_EQ(counters.read()[0].value, stopped);
}

TEST(ExecutionCounters, CountEachThreadByItself) {
  const CountingPlan plan = software_plan("page-faults,task-clock");
  SKIP_WHERE_NOT_COUNTED(plan);
  Child child = test::spawn_stopped(two_threads());
  const pid_t process = child.pid();
  CountTarget target;
  target.per = Per::thread;
  auto counters = ExecutionCounters::open(plan, 1, target, process, false);
  if (!counters) GTEST_SKIP() << "SKIPPED: " << counters.error().what;
  ASSERT_NE(counters->tracer(), nullptr);
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child, counters->tracer()).exit_status, 0);
  const std::vector<PartReading> parts = counters->read_parts();
  ASSERT_EQ(parts.size(), 6U);  // two events of three threads
  EXPECT_THAT(parts[0].part, StartsWith("thread " + std::to_string(process) + " "));
  std::uint64_t sum = 0;
  for (const PartReading& part : parts) {
    EXPECT_EQ(part.reading.status, CountStatus::ok) << part.part << ": " << part.reading.reason;
    if (part.reading.event != 0) continue;
    sum += part.reading.value;
    EXPECT_GE(part.reading.value, part.part == parts[0].part ? 1 : kThreadPages) << part.part;
  }
  EXPECT_EQ(test::reading_of(counters->read(), 0).value, sum);
}

TEST(ExecutionCounters, ThatCannotTellThreadsApartSaySo) {
  const CountingPlan plan = software_plan("page-faults");
  Child child = test::spawn_stopped({"true"});
  const auto other = ThreadTracer::attach(child.pid(), {[](pid_t) {}, [](pid_t) {}});
  if (!other) GTEST_SKIP() << "SKIPPED: ptrace is forbidden";
  CountTarget target;
  target.per = Per::thread;
  const auto counters = ExecutionCounters::open(plan, 1, target, child.pid(), false);
  ASSERT_FALSE(counters);
  EXPECT_EQ(counters.error().kind, Failure::not_possible);
  EXPECT_EQ(counters.error().where, "--per thread");
  EXPECT_THAT(counters.error().what, HasSubstr("ptrace is forbidden"));
}

TEST(ExecutionCounters, CountARunningProcess) {
  Child watched = test::spawn_stopped(test::shell("echo ready; while :; do :; done"));
  ASSERT_TRUE(watched.resume());
  ASSERT_EQ(test::line_of(watched), "ready");
  CountTarget target;
  target.kind = CountTarget::Kind::processes;
  target.processes = {watched.pid()};
  target.per = Per::thread;
  const CountingPlan plan = software_plan("task-clock", target.trial());
  SKIP_WHERE_NOT_COUNTED(plan);
  const ExecutionCounters counters = ExecutionCounters::open(plan, 1, target, -1, false).value();
  EXPECT_EQ(counters.read()[0].enabled.value, 0);
  counters.start();
  while (counters.read()[0].value == 0) ::sched_yield();
  counters.stop();
  const std::vector<PartReading> parts = counters.read_parts();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].part, "thread " + std::to_string(watched.pid()) + " sh (and what it started)");
  EXPECT_GT(parts[0].reading.value, 0U) << parts[0].reading.reason;
  EXPECT_EQ(counters.read()[0].value, parts[0].reading.value);
}

}  // namespace
}  // namespace pw
