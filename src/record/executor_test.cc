// SPDX-License-Identifier: GPL-3.0-or-later
// Real small commands, run as the recorder runs them.
#include "record/executor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/text.h"
#include "os/clock.h"
#include "os/command/descendants.h"
#include "os/file.h"
#include "os/perf_event.h"
#include "os/run.h"
#include "record/output/scanner.h"
#include "record/waiting/world.h"

namespace pw {
namespace {

using testing::HasSubstr;

class CommandExecutorTest : public testing::Test {
 protected:
  CommandExecutorTest() { session_.counting.passes.resize(1); }

  Result<Execution> run(const std::vector<std::string>& command) {
    session_.child.command = command;
    Result<Ran> ran = CommandExecutor(session_, kGrace).run({3, 1}, waiting_);
    if (!ran) return pass_on(ran);
    ran_ = std::move(*ran);
    return ran_.execution;
  }
  Result<Execution> shell(const std::string& script) { return run({"/bin/sh", "-c", script}); }

  // With a time-out that is long enough for its first `lines`, on a busy machine, too.
  Result<Execution> run_until_said(const std::string& script, std::ptrdiff_t lines) {
    for (double seconds = 0.3;; seconds *= 3) {
      experiment().timeout = Seconds{seconds};
      auto execution = shell(script);
      if (!execution || seconds > 60 || std::ranges::count(execution->output, '\n') >= lines)
        return execution;
    }
  }

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
  Ran ran_;  // the latest one
  SignalQueue signals_;
  SystemWorld world_{signals_};
  Waiting waiting_{world_};
};

// By qemu-user: what we start runs without it, and CLONE_PARENT is not known.
bool emulated() {
  static const auto itself = run_program({program_path().string(), "--gtest_list_tests"});
  return !itself || itself->exit_status != 0;
}
constexpr char kEmulated[] = "SKIPPED: an emulator runs this program, and starts commands otherwise";

TEST_F(CommandExecutorTest, SaysHowACommandEnded) {
  const auto well = run({"true"});
  ASSERT_TRUE(well) << one_line(well.error());
  EXPECT_EQ(well->exit_status, 0);
  EXPECT_EQ(well->test, 3);
  EXPECT_EQ(well->pass, 1);
  EXPECT_LT(well->begin, well->end);
  EXPECT_FALSE(well->failed());
  const auto status_and_signal = [&](const std::string& script) {
    const auto execution = shell(script);
    return std::pair(execution->exit_status, execution->signal);
  };
  EXPECT_EQ(status_and_signal("exit 7"), std::pair(7, 0));
  EXPECT_EQ(status_and_signal("exit 139"), std::pair(128 + SIGSEGV, 0));
  EXPECT_EQ(status_and_signal("kill -9 $$"), std::pair(128 + SIGKILL, SIGKILL));
  EXPECT_EQ(status_and_signal("kill -SEGV $$"), std::pair(128 + SIGSEGV, SIGSEGV));
}

TEST_F(CommandExecutorTest, TakesWhatTheCommandUsedAndTheMachineWas) {
  session_.arrangement.items = "12";
  const auto execution = shell("i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); done");
  ASSERT_TRUE(execution);
  EXPECT_GT(execution->user.value + execution->system.value, 0);
  EXPECT_GT(execution->max_rss_kb, 100);
  EXPECT_GT(execution->minor_faults, 0);
  EXPECT_EQ(execution->items, 12);
  EXPECT_EQ(execution->before.size(), execution->after.size());
}

// Its process began before its exec: that is not the command's.
TEST_F(CommandExecutorTest, OneThreadUsesNoMoreThanTheTimeThatItTook) {
  if (emulated()) GTEST_SKIP() << kEmulated;
  int within = 0;  // of ten: on a busy machine one may be interrupted between its two clocks
  for (int i = 0; i < 10; ++i) {
    const auto execution = run({"true"});
    ASSERT_TRUE(execution);
    within += (execution->user + execution->system).value <=
              to_seconds(execution->end - execution->begin).value + 1e-4;
  }
  EXPECT_GE(within, 6);
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
  const auto execution = run_until_said("trap '' TERM; echo ready; while :; do sleep 0.05; done", 1);
  ASSERT_TRUE(execution);
  EXPECT_TRUE(execution->timed_out);
  EXPECT_EQ(execution->exit_status, 128 + SIGKILL);
  EXPECT_EQ(execution->output, "ready\n");
  EXPECT_GE(execution->end - execution->begin, to_nanoseconds(*experiment().timeout) + kGrace);
}

TEST_F(CommandExecutorTest, EndsAllThatTheCommandStarted) {
  if (emulated()) GTEST_SKIP() << kEmulated;
  const auto execution = run_until_said(
      "echo $$; sleep 61 & echo $!; setsid sh -c 'trap \"\" TERM; echo $$; sleep 62; sleep 63' & "
      "(setsid sh -c 'echo $$; sleep 64; :' &) ; exec sleep 65",
      4);
  ASSERT_TRUE(execution);
  EXPECT_TRUE(execution->timed_out);
  EXPECT_TRUE(ran_.left.empty());
  for (const std::string& number : split(trim(execution->output), '\n'))
    EXPECT_EQ(::kill(std::stoi(number), 0), -1) << number << " still runs";
}

TEST_F(CommandExecutorTest, FindsWhatTheCommandLeavesRunning) {
  if (emulated()) GTEST_SKIP() << kEmulated;
  const auto execution =
      shell("setsid sleep 66 & until grep -qx sleep /proc/$!/comm; do sleep 0.01; done; echo $!");
  ASSERT_TRUE(execution);
  const pid_t left = std::stoi(execution->output);
  EXPECT_EQ(ran_.left, (std::vector<Process>{{left, "sleep"}}));
  EXPECT_FALSE(ran_.met);
  ASSERT_TRUE(run({"true"}));
  EXPECT_TRUE(ran_.met);
  EXPECT_TRUE(ran_.left.empty());
  ::kill(left, SIGKILL);
  while (::kill(left, 0) == 0) ASSERT_TRUE(run({"true"}));  // an execution reaps it
  ASSERT_TRUE(run({"true"}));
  EXPECT_FALSE(ran_.met);
}

TEST_F(CommandExecutorTest, DoesNotCallWhatIsJustEndingLeft) {
  bool none = false;  // on a busy machine it may take longer than it is given
  for (int i = 0; i < 20 && !none; ++i) {
    ASSERT_TRUE(shell("sleep 0.01 & :"));
    none = ran_.left.empty();
  }
  EXPECT_TRUE(none);
}

// What stands between us and the end of a command: a wait that comes back late.
class LateWorld : public SystemWorld {
 public:
  using SystemWorld::SystemWorld;
  useconds_t late = 300'000;
  bool wait(Nanoseconds until, int output, int other) override {
    const bool ready = SystemWorld::wait(until, output, other);
    ::usleep(late);
    return ready;
  }
};

TEST_F(CommandExecutorTest, TimeIsTheCommandsHoweverLateWeAre) {
  if (emulated()) GTEST_SKIP() << kEmulated;
  LateWorld late(signals_);
  Waiting waiting(late);
  late.late = 2'000'000;
  session_.child.command = {"sleep", "0.1"};
  const auto ran = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_TRUE(ran);
  EXPECT_LT(to_seconds(ran->execution.end - ran->execution.begin).value, 2);
  EXPECT_EQ(ran->execution.left_out, "");
}

TEST_F(CommandExecutorTest, IsLeftOutWhereNobodySawItsEnd) {
  LateWorld late(signals_);
  late.late = 700'000;  // longer than between two ticks
  Waiting waiting(late);
  session_.child.command = {"sh", "-c", "sleep 0.1; kill -KILL 0"};  // its starter, too
  const auto ran = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_TRUE(ran);
  EXPECT_THAT(ran->execution.left_out, HasSubstr("perfwatt itself was stopped or had no CPU for"));
}

// Like CPUs, a process is counted until we stop it.
TEST_F(CommandExecutorTest, IsLeftOutWhereOthersWereCountedLonger) {
  if (emulated()) GTEST_SKIP() << kEmulated;
  LateWorld late(signals_);
  Waiting waiting(late);
  session_.target.kind = CountTarget::Kind::processes;
  session_.target.processes = {::getpid()};
  session_.child.command = {"sleep", "0.1"};
  const auto ran = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_TRUE(ran);
  EXPECT_NE(ran->execution.left_out, "");
}

// Its reason, for the events of later passes, too, which are not run.
TEST_F(CommandExecutorTest, CountsNothingOfAProcessThatHasEnded) {
  count_something();
  session_.counting.passes = {{{0}, ""}, {{1}, ""}};
  session_.target.kind = CountTarget::Kind::processes;
  session_.target.processes = {1 << 22};  // never a process
  session_.child.command = {"true"};
  CommandExecutor executor(session_, kGrace);
  const auto ran = executor.run({3, 1}, waiting_);
  ASSERT_TRUE(ran);
  ASSERT_EQ(ran->execution.readings.size(), 2u);
  for (int event = 0; event < 2; ++event) {
    const Reading& reading = ran->execution.readings[static_cast<std::size_t>(event)];
    EXPECT_EQ(reading.event, event);
    EXPECT_EQ(reading.status, CountStatus::not_counted);
    EXPECT_EQ(reading.reason, fmt::format("process 4194304 ended before pass {} began", event + 1));
  }
  EXPECT_EQ(ran->remarks,
            std::vector<std::string>{"process 4194304 had ended before it: nothing of it was counted"});
  EXPECT_EQ(executor.over(waiting_.now()), "process 4194304 ended");
}

TEST_F(CommandExecutorTest, IsNeverOverForACommandOrCpus) {
  EXPECT_EQ(CommandExecutor(session_).over(waiting_.now()), "");
}

TEST_F(CommandExecutorTest, WithoutACommandASignalIsTheUsualEnd) {
  session_.until_signal = true;
  const auto execution = shell("kill -INT $PPID; sleep 67");
  ASSERT_TRUE(execution);
  EXPECT_EQ(execution->exit_status, 0);
  EXPECT_FALSE(execution->failed());
  EXPECT_GT(execution->end, execution->begin);
}

TEST_F(CommandExecutorTest, OneMoreSignalKillsWhatIgnoresTheFirst) {
  session_.child.command = {"sh", "-c",
                            "trap 'kill -INT $PPID' TERM; kill -INT $PPID; while :; do sleep 0.05; done"};
  const Nanoseconds begin = monotonic_now();
  const auto ran = CommandExecutor(session_, Nanoseconds{60'000'000'000}).run({1, 1}, waiting_);
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->execution.exit_status, 128 + SIGKILL);
  EXPECT_LT(to_seconds(monotonic_now() - begin).value, 30);
}

// Stopped by Ctrl-Z: what follows is done while everything stands still.
class StoppingWorld : public SystemWorld {
 public:
  using SystemWorld::SystemWorld;
  std::function<void()> meanwhile;
  void stop_here() override { meanwhile(); }
};

TEST_F(CommandExecutorTest, StopsWithUsAndIsLeftOut) {
  StoppingWorld world(signals_);
  Waiting waiting(world);
  const TempFolder folder = TempFolder::make().value();
  const std::string go = (folder.path() / "go").string();
  std::string states;
  world.meanwhile = [&] {
    for (const pid_t one : with_descendants(adopted_children({}))) {
      std::string stat;
      do stat = Root().text(fmt::format("proc/{}/stat", one)).value_or("");
      while (stat.find("(sh) R") != std::string::npos);
      if (stat.find("(sh)") != std::string::npos) states += stat.substr(stat.rfind(')') + 2, 1);
    }
    std::ofstream{go};
  };
  session_.child.command = {"sh", "-c", "kill -TSTP $PPID; until [ -e " + go + " ]; do :; done; exit 3"};
  const auto ran = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_TRUE(ran);
  EXPECT_EQ(states, "T");
  EXPECT_EQ(ran->execution.exit_status, 3);  // it went on
  EXPECT_THAT(ran->execution.left_out, HasSubstr("stopped by Ctrl-Z"));
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
  EXPECT_THAT(refused(script), HasSubstr("it is not executable"));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  EXPECT_THAT(refused(folder.path()), HasSubstr("it is a folder"));
  EXPECT_THAT(refused("/nowhere/program"), HasSubstr("there is no such file"));
}

// Lets the command go on once it was looked at a few times.
class LookingWorld : public SystemWorld {
 public:
  using SystemWorld::SystemWorld;
  int looks = 0;
  std::function<void()> then;
  bool wait(Nanoseconds until, int output, int other) override {
    const bool ready = SystemWorld::wait(until, output, other);
    if (++looks == 5) then();
    return ready;
  }
};

TEST_F(CommandExecutorTest, ReadsTheCountersAtTheEndAndOnTheWay) {
  count_something();
  experiment().interval = Seconds{0.05};
  const TempFolder folder = TempFolder::make().value();
  const std::string go = (folder.path() / "go").string();
  LookingWorld world(signals_);
  world.then = [&] { std::ofstream{go}; };
  Waiting waiting(world);
  session_.child.command = {"sh", "-c", "until [ -e " + go + " ]; do sleep 0.02; done"};
  const auto ran = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_TRUE(ran);
  const Execution* const execution = &ran->execution;
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
  experiment().delay = Seconds{1};
  const auto delayed = shell("sleep 2; " + work);
  experiment().delay = Seconds{60};
  const auto never = shell("true");
  ASSERT_TRUE(whole && delayed && never);
  if (whole->readings[0].status != CountStatus::ok)
    GTEST_SKIP() << "counting is not allowed here: " << whole->readings[0].reason;
  EXPECT_GT(delayed->readings[1].value, 0u);                        // the work
  EXPECT_LT(delayed->readings[0].value, whole->readings[0].value);  // but not the exec's page faults
  EXPECT_LT(delayed->readings[1].enabled, delayed->end - delayed->begin - to_nanoseconds({1}));
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
  EXPECT_LE(edges.times[0], execution->execution.begin);
  EXPECT_GE(edges.times[1], execution->execution.end);
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

// Hears of no end: a command that ends at once may not do so before the tick.
class DeafWorld : public SystemWorld {
 public:
  using SystemWorld::SystemWorld;
  bool deaf = false;
  std::optional<int> take_signal() override { return deaf ? std::nullopt : SystemWorld::take_signal(); }
};

TEST_F(CommandExecutorTest, DiskThatIsFullWhileACommandIsEndedIsTold) {
  FullDisk full;
  DeafWorld world(signals_);
  Waiting waiting(world, &full);
  ASSERT_EQ(::raise(SIGTERM), 0);  // before the first tick
  EXPECT_EQ(waiting.wait(std::nullopt), Woke::stopped);
  world.deaf = true;
  session_.child.command = {"sleep", "64"};
  const auto execution = CommandExecutor(session_, kGrace).run({1, 1}, waiting);
  ASSERT_FALSE(execution);
  EXPECT_EQ(execution.error().what, "the disk is full");
}

}  // namespace
}  // namespace pw
