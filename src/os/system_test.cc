// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "os/clock.h"
#include "os/command/test_programs.h"
#include "os/huge_pages.h"
#include "os/perf_event.h"
#include "os/root.h"
#include "os/signals.h"
#include "os/wait_for.h"

namespace pw {
namespace {

TEST(Clock, GoesOn) {
  const Nanoseconds begin = monotonic_now();
  EXPECT_GE(monotonic_now(), begin);
  EXPECT_GE(time_suspended().value,
            -100'000'000);  // the two clocks are read one after the other, at times far apart
  EXPECT_GT(wall_clock_unix_s(), 1.7e9);
  const Seconds before = thread_cpu_time();
  while (thread_cpu_time() == before) continue;
  EXPECT_GE(process_cpu_time().value, before.value);
}

TEST(SignalQueue, HoldsSignalsUntilTheyAreTaken) {
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  const auto pipe = ::signal(SIGPIPE, SIG_DFL), size = ::signal(SIGXFSZ, SIG_DFL);
  {
    const SignalQueue signals;
    EXPECT_EQ(signals.take(), std::nullopt);
    ::kill(::getpid(), SIGTERM);
    EXPECT_EQ(signals.take(), SIGTERM);
    EXPECT_EQ(signals.take(), std::nullopt);
    ::raise(SIGPIPE);  // ignored
  }
  ::signal(SIGPIPE, pipe);
  ::signal(SIGXFSZ, size);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(WaitForProcesses, ReturnsWhenAllHaveEnded) {
  Child first = test::spawn_stopped({"true"}), second = test::spawn_stopped({"true"});
  ASSERT_TRUE(first.resume());
  ASSERT_TRUE(second.resume());
  const std::vector<pid_t> processes = {first.pid(), second.pid(), 1 << 22};
  wait_for_processes(processes);
  EXPECT_TRUE(first.reap());
  EXPECT_TRUE(second.reap());
}

TEST(ProcessEnds, AreToldOnce) {
  Child first = test::spawn_stopped({"true"}), second = test::spawn_stopped({"sleep", "60"});
  const std::vector<pid_t> processes = {first.pid(), second.pid(), 1 << 22};
  ProcessEnds ends(processes);
  EXPECT_EQ(ends.look(), std::vector<pid_t>{1 << 22});  // there was none
  EXPECT_EQ(ends.running(), (std::vector<pid_t>{first.pid(), second.pid()}));
  ASSERT_TRUE(first.resume());
  ends.wait();
  EXPECT_EQ(ends.look(), std::vector<pid_t>{first.pid()});  // though nobody reaped it
  EXPECT_TRUE(ends.look().empty());
  pollfd event = {ends.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&event, 1, 0), 0);
  EXPECT_EQ(ends.running(), std::vector<pid_t>{second.pid()});
}

// The kernel has no pidfd of it, as of all before 5.3.
TEST(ProcessEnds, OfAThread) {
  std::atomic<pid_t> id = 0;
  std::atomic<bool> end = false;
  std::thread thread([&] {
    id = ::gettid();
    id.notify_one();
    end.wait(false);
  });
  id.wait(0);
  const std::vector<pid_t> processes = {id};
  ProcessEnds ends(processes);
  EXPECT_TRUE(ends.look().empty());
  EXPECT_EQ(ends.running(), processes);
  end = true;
  end.notify_one();
  thread.join();
  while (!ends.running().empty()) {
    ends.wait();
    ends.look();
  }
}

TEST(HugePages, AreAskedForWherePartOfAPageIsGiven) {
  constexpr std::size_t bytes = 8 << 20;
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  char* const inside = static_cast<char*>(memory) + 100;
  prefer_huge_pages(inside, bytes - 200);
  prefer_huge_pages(inside, 10);  // not worth it
  inside[0] = inside[bytes - 201] = 1;
  EXPECT_EQ(::munmap(memory, bytes), 0);
}

TEST(PerfEvent, CountsBetweenEnableAndDisable) {
  perf_event_attr attr = PerfEvent::counting(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
  attr.exclude_kernel = attr.exclude_hv = 1;
  auto event = PerfEvent::open(attr, 0, -1);
  if (!event) GTEST_SKIP() << "SKIPPED: perf_event_open: " << std::generic_category().message(event.error());
  EXPECT_EQ(event->read()->enabled.value, 0);
  event->enable();
  while (event->read()->value == 0) continue;
  event->disable();
  const PerfEvent moved = std::move(*event);
  const PerfCount count = moved.read().value();
  EXPECT_EQ(count.enabled, count.running);
  EXPECT_EQ(moved.read()->value, count.value);
}

TEST(PerfEvent, GivesTheErrno) {
  perf_event_attr attr = PerfEvent::counting(0x7fff'ffff, 0);
  EXPECT_NE(PerfEvent::open(attr, 0, -1).error(), 0);
  EXPECT_FALSE(PerfEvent::open(PerfEvent::counting(PERF_TYPE_SOFTWARE, 0), 1 << 22, -1));
  EXPECT_EQ(perf_event_paranoid(Root("/nonexistent")), std::nullopt);
}

}  // namespace
}  // namespace pw
