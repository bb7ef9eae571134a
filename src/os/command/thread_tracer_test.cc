// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/thread_tracer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <vector>

#include "os/command/test_programs.h"
#include "os/root.h"

namespace pw {
namespace {

using test::end_of;
using test::shell;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

struct Seen {
  std::vector<pid_t> born, ended;
  ThreadTracer::Events events() {
    return {[this](pid_t thread) { born.push_back(thread); },
            [this](pid_t thread) { ended.push_back(thread); }};
  }
};

#define SKIP_WHERE_FORBIDDEN(tracer) \
  if (!(tracer))                     \
  GTEST_SKIP() << "SKIPPED: ptrace is forbidden: " << std::generic_category().message((tracer).error())

TEST(ThreadProgram, DISABLED_StartsThreeThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([] { EXPECT_GT(::gettid(), 0); });
  for (std::thread& thread : threads) thread.join();
}

TEST(ThreadTracer, TellsOfEveryThreadOnce) {
  Child child = test::spawn_stopped(test::own_program("ThreadProgram.DISABLED_StartsThreeThreads"));
  const pid_t process = child.pid();
  Seen seen;
  auto tracer = ThreadTracer::attach(process, seen.events());
  SKIP_WHERE_FORBIDDEN(tracer);
  EXPECT_EQ(seen.born, (std::vector<pid_t>{process}));
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child, &*tracer).exit_status, 0) << test::output_of(child);
  EXPECT_EQ(seen.born.size(), 4U);
  EXPECT_THAT(seen.ended, UnorderedElementsAreArray(seen.born));
  EXPECT_EQ(seen.ended.back(), process);
}

TEST(ThreadTracer, IsCalledWhileTheThreadIsStoppedAndThere) {
  Child child = test::spawn_stopped(test::own_program("ThreadProgram.DISABLED_StartsThreeThreads"));
  std::vector<char> states;
  const auto note_state = [&](pid_t thread) {
    const std::string text = Root().text("proc/" + std::to_string(thread) + "/stat").value_or("");
    const std::size_t at = text.rfind(") ");
    states.push_back(at == std::string::npos ? '?' : text[at + 2]);
  };
  auto tracer = ThreadTracer::attach(child.pid(), {[](pid_t) {}, note_state});
  SKIP_WHERE_FORBIDDEN(tracer);
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child, &*tracer).exit_status, 0);
  EXPECT_EQ(states, (std::vector<char>(4, 't')));  // 't': stopped by its tracer
}

TEST(ThreadTracer, FollowsProcessesThatAreStarted) {
  Child child = test::spawn_stopped(shell("/bin/true & wait; (exit 3)"));
  Seen seen;
  auto tracer = ThreadTracer::attach(child.pid(), seen.events());
  SKIP_WHERE_FORBIDDEN(tracer);
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child, &*tracer).exit_status, 3);
  EXPECT_EQ(seen.born.size(), 3U);
  EXPECT_THAT(seen.ended, UnorderedElementsAreArray(seen.born));
}

TEST(ThreadTracer, LetsSignalsThrough) {
  Child child = test::spawn_stopped(shell("trap 'echo caught' USR1; kill -USR1 $$; kill -TERM $$"));
  Seen seen;
  auto tracer = ThreadTracer::attach(child.pid(), seen.events());
  SKIP_WHERE_FORBIDDEN(tracer);
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child, &*tracer).exit_status, 128 + SIGTERM);
  EXPECT_EQ(test::output_of(child), "caught\n");
}

// The second process of the command goes on what has stopped the first.
TEST(ThreadTracer, LeavesAStoppedProcessStoppedUntilItIsContinued) {
  Child child = test::spawn_stopped(shell("(kill -STOP $$; kill -CONT $$) & wait; wait; echo on"));
  Seen seen;
  auto tracer = ThreadTracer::attach(child.pid(), seen.events());
  SKIP_WHERE_FORBIDDEN(tracer);
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child, &*tracer).exit_status, 0);
  EXPECT_EQ(test::output_of(child), "on\n");
}

TEST(ThreadTracer, LetsGoOfWhatStillRuns) {
  Child child = test::spawn_stopped(shell("echo free"));
  {
    Seen seen;
    const auto tracer = ThreadTracer::attach(child.pid(), seen.events());
    SKIP_WHERE_FORBIDDEN(tracer);
  }
  ASSERT_TRUE(child.resume());
  EXPECT_EQ(end_of(child).exit_status, 0);
  EXPECT_EQ(test::output_of(child), "free\n");
}

TEST(ThreadTracer, SaysWhomItCannotTrace) {
  Child child = test::spawn_stopped({"true"});
  Seen seen;
  const auto tracer = ThreadTracer::attach(child.pid(), seen.events());
  SKIP_WHERE_FORBIDDEN(tracer);
  const auto second = ThreadTracer::attach(child.pid(), seen.events());
  EXPECT_EQ(second.error(), EPERM);  // it has one
  EXPECT_EQ(ThreadTracer::attach(1 << 22, seen.events()).error(), ESRCH);
  EXPECT_EQ(seen.born.size(), 1U);
}

// Child kills what is traced, too.
TEST(ThreadTracer, DoesNotKeepAKilledCommand) {
  Seen seen;
  Child child = test::spawn_stopped({"sleep", "1000"});
  const pid_t process = child.pid();
  auto tracer = ThreadTracer::attach(process, seen.events());
  SKIP_WHERE_FORBIDDEN(tracer);
  ASSERT_TRUE(child.resume());
  child.signal(SIGKILL);
  EXPECT_EQ(end_of(child, &*tracer).exit_status, 128 + SIGKILL);
  EXPECT_FALSE(Root().exists("proc/" + std::to_string(process)));
}

}  // namespace
}  // namespace pw
