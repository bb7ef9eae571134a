// SPDX-License-Identifier: GPL-3.0-or-later
// Real small commands, run as the recorder runs them.
#include "record/executor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "os/clock.h"
#include "os/file.h"
#include "os/perf_event.h"
#include "record/output.h"
#include "record/world.h"

namespace pw {
namespace {

using testing::HasSubstr;

class CommandExecutorTest : public testing::Test {
 protected:
  CommandExecutorTest() { session_.counting.passes.resize(1); }

  Result<Execution> run(const std::vector<std::string>& command) {
    session_.child.command = command;
    return CommandExecutor(session_, kGrace).run({3, 1}, waiting_);
  }
  Result<Execution> shell(const std::string& script) { return run({"/bin/sh", "-c", script}); }

  Experiment& experiment() { return session_.header.experiment; }

  // Two software events, which need no PMU; where even these may not be counted, their readings say so.
  void count_something() {
    for (const std::uint64_t config : {PERF_COUNT_SW_PAGE_FAULTS, PERF_COUNT_SW_TASK_CLOCK}) {
      ResolvedEvent resolved;
      resolved.event.software = true;
      resolved.attr = PerfEvent::counting(PERF_TYPE_SOFTWARE, config);
      resolved.attr.exclude_kernel = 1;
      session_.counting.events.push_back(resolved);
    }
    session_.counting.passes.front().events = {0, 1};
  }

  static constexpr Nanoseconds kGrace{100'000'000};
  Session session_;
  SignalQueue signals_;
  SystemWorld world_{signals_};
  Waiting waiting_{world_};
};

TEST_F(CommandExecutorTest, SaysHowACommandEnded) {
  const auto well = run({"true"});
  ASSERT_TRUE(well) << one_line(well.error());
  EXPECT_EQ(well->exit_status, 0);
  EXPECT_EQ(well->test, 3);
  EXPECT_EQ(well->pass, 1);
  EXPECT_LT(well->begin, well->end);
  EXPECT_FALSE(well->failed());
  EXPECT_EQ(shell("exit 7")->exit_status, 7);
  EXPECT_EQ(shell("kill -9 $$")->exit_status, 128 + SIGKILL);
  EXPECT_EQ(shell("kill -SEGV $$")->exit_status, 128 + SIGSEGV);
}

TEST_F(CommandExecutorTest, TakesWhatTheCommandUsedAndTheMachineWas) {
  experiment().items = 12;
  const auto execution = shell("i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); done");
  ASSERT_TRUE(execution);
  EXPECT_GT(execution->user.value + execution->system.value, 0);
  EXPECT_GT(execution->max_rss_kb, 100);
  EXPECT_GT(execution->minor_faults, 0);
  EXPECT_EQ(execution->items, 12);
  EXPECT_EQ(execution->before.size(), execution->after.size());
}

TEST_F(CommandExecutorTest, EndsACommandThatTakesTooLong) {
  experiment().timeout = Seconds{0.05};
  const auto execution = run({"sleep", "60"});
  ASSERT_TRUE(execution);
  EXPECT_TRUE(execution->timed_out);
  EXPECT_EQ(execution->exit_status, 128 + SIGTERM);
  EXPECT_GE(execution->end - execution->begin, to_nanoseconds({0.05}));
}

TEST_F(CommandExecutorTest, KillsACommandThatIgnoresSigterm) {
  experiment().timeout = Seconds{0.2};  // the trap is set by then
  const auto execution = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
  ASSERT_TRUE(execution);
  EXPECT_TRUE(execution->timed_out);
  EXPECT_EQ(execution->exit_status, 128 + SIGKILL);
  EXPECT_EQ(execution->output, "ready\n");
  EXPECT_GE(execution->end - execution->begin, to_nanoseconds({0.2}) + kGrace);
}

TEST_F(CommandExecutorTest, EndsWhatTheCommandStarted) {
  experiment().timeout = Seconds{0.1};
  const auto execution = shell("sleep 61 & echo $!; wait");
  ASSERT_TRUE(execution);
  const pid_t grandchild = std::stoi(execution->output);
  for (int i = 0; i < 1000 && ::kill(grandchild, 0) == 0; ++i) {
    const auto state = Root().text(fmt::format("proc/{}/stat", grandchild)).value_or("");
    if (state.find(") Z") != std::string::npos) break;  // ended; nobody reaps it here
    ::usleep(1000);
    ASSERT_LT(i, 999) << "it still runs";
  }
}

TEST_F(CommandExecutorTest, IsEndedByASignal) {
  const auto execution = shell("kill -INT $PPID; sleep 60");
  ASSERT_TRUE(execution);
  EXPECT_EQ(waiting_.stop_signal(), SIGINT);
  EXPECT_FALSE(execution->timed_out);
  EXPECT_EQ(execution->exit_status, 128 + SIGTERM);
}

TEST_F(CommandExecutorTest, KeepsTheLastOfMuchOutputAndCapturesFromAllOfIt) {
  session_.captures =
      CapturePatterns::compile({{"first", "^FIRST (\\d)$"}, {"last", "^LAST (\\d)$"}}).value();
  const auto execution = shell("echo FIRST 1; yes $(printf %0199d 0) | head -c 20000000; echo LAST 2 >&2");
  ASSERT_TRUE(execution);
  EXPECT_EQ(execution->output_bytes, 8 + 20'000'000 + 7);
  EXPECT_LE(execution->output.size(), OutputScanner::kKeptBytes);
  EXPECT_TRUE(execution->output.ends_with("0\nLAST 2\n"));
  EXPECT_EQ(execution->captures[0], "1");
  EXPECT_EQ(execution->captures[1], "2");
}

TEST_F(CommandExecutorTest, IsNotHeldByWhoPrintsWithoutEnd) {
  experiment().timeout = Seconds{0.1};
  const auto execution = run({"yes"});
  ASSERT_TRUE(execution);
  EXPECT_TRUE(execution->timed_out);
  EXPECT_LT(to_seconds(execution->end - execution->begin).value, 30);
}

// The process is waited for, not its pipes.
TEST_F(CommandExecutorTest, DoesNotWaitForWhoInheritsTheOutput) {
  const auto execution = shell("sleep 62 & echo $!");
  ASSERT_TRUE(execution);
  EXPECT_EQ(execution->exit_status, 0);
  const pid_t grandchild = std::stoi(execution->output);
  EXPECT_EQ(::kill(grandchild, SIGKILL), 0);  // it was still there
}

TEST_F(CommandExecutorTest, SaysWhyACommandCannotBeStarted) {
  const TempFolder folder = TempFolder::make().value();
  const std::string script = (folder.path() / "script").string();
  std::ofstream(script) << "echo no first line\n";
  const auto refused = [&](const std::string& program) {
    const auto execution = run({program});
    if (execution) return std::string("started");
    EXPECT_EQ(execution.error().kind, Failure::command);
    return one_line(execution.error());
  };
  EXPECT_THAT(refused(script), HasSubstr("Permission denied"));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  EXPECT_THAT(refused(folder.path()), HasSubstr("Permission denied"));
  EXPECT_THAT(refused("/nowhere/program"), HasSubstr("No such file"));
}

TEST_F(CommandExecutorTest, ReadsTheCountersAtTheEndAndOnTheWay) {
  count_something();
  experiment().interval = Seconds{0.05};
  const auto execution = run({"sleep", "0.22"});
  ASSERT_TRUE(execution);
  ASSERT_EQ(execution->readings.size(), 2u);
  ASSERT_GE(execution->intervals.size(), 4u);  // at least one on the way, and the end
  EXPECT_EQ(execution->intervals.size() % 2, 0u);
  EXPECT_EQ(execution->intervals.back().time, execution->end);
  EXPECT_EQ(execution->intervals.back().reading.value, execution->readings.back().value);
  EXPECT_GE(execution->intervals.front().time, execution->begin + to_nanoseconds({0.05}));
  for (std::size_t i = 2; i < execution->intervals.size(); i += 2)
    EXPECT_GE(execution->intervals[i].reading.value, execution->intervals[i - 2].reading.value);
}

TEST_F(CommandExecutorTest, CountersThatWaitMissWhatCameBefore) {
  count_something();
  const std::string work = "i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done";
  const auto whole = shell(work);
  experiment().delay = Seconds{0.3};
  const auto delayed = shell("sleep 0.6; " + work);
  experiment().delay = Seconds{60};
  const auto never = shell("true");
  ASSERT_TRUE(whole && delayed && never);
  if (whole->readings[0].status != CountStatus::ok)
    GTEST_SKIP() << "counting is not allowed here: " << whole->readings[0].reason;
  EXPECT_GT(delayed->readings[1].value, 0u);                        // the work
  EXPECT_LT(delayed->readings[0].value, whole->readings[0].value);  // but not the exec's page faults
  EXPECT_LT(delayed->readings[1].enabled, delayed->end - delayed->begin - to_nanoseconds({0.3}));
  EXPECT_EQ(never->readings[0].status, CountStatus::not_counted);
}

class Edges : public Meanwhile {
 public:
  std::vector<Nanoseconds> times;
  Result<> tick() override { return {}; }
  void edge() override { times.push_back(monotonic_now()); }
};

TEST_F(CommandExecutorTest, TellsTheBeginBeforeItAndTheEndBehindIt) {
  Edges edges;
  Waiting waiting(world_, &edges);
  session_.child.command = {"sleep", "0.1"};
  const auto execution = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_TRUE(execution);
  ASSERT_EQ(edges.times.size(), 2u);
  EXPECT_LE(edges.times[0], execution->begin);
  EXPECT_GE(edges.times[1], execution->end);
}

class FullDisk : public Meanwhile {
 public:
  Result<> tick() override { return fail(Failure::measurement, "the disk is full"); }
};

TEST_F(CommandExecutorTest, LeavesNoCommandBehindWhereTheRunFails) {
  FullDisk full;
  Waiting waiting(world_, &full);
  session_.child.command = {"sleep", "63"};
  const Nanoseconds begin = monotonic_now();
  const auto execution = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_FALSE(execution);
  EXPECT_EQ(execution.error().what, "the disk is full");
  EXPECT_LT(to_seconds(monotonic_now() - begin).value, 30);  // it was killed and reaped
}

TEST_F(CommandExecutorTest, DiskThatIsFullWhileACommandIsEndedIsTold) {
  FullDisk full;
  Waiting waiting(world_, &full);
  ASSERT_EQ(::raise(SIGTERM), 0);  // before the first tick
  EXPECT_EQ(waiting.wait(std::nullopt), Woke::stopped);
  session_.child.command = {"sleep", "64"};
  const auto execution = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_FALSE(execution);
  EXPECT_EQ(execution.error().what, "the disk is full");
}

}  // namespace
}  // namespace pw
