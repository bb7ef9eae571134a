// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/waiting/waiting.h"

#include <gtest/gtest.h>

#include "record/test_recorder.h"

namespace pw {
namespace {

using test::at_second;
using test::FakeWorld;

class Ticks : public Meanwhile {
 public:
  int count = 0, edges = 0;
  int fails_at = 0;
  void edge() override { ++edges; }
  Result<> tick() override {
    return ++count == fails_at ? Result<>(fail(Failure::measurement, "full")) : Result<>();
  }
};

// Ends with the child signal that comes at or after `ends`; wants attention every `period`.
class FakeAwaited : public Awaited {
 public:
  explicit FakeAwaited(double ends) : ends_(at_second(ends)) {}
  std::optional<Nanoseconds> period;
  std::vector<Nanoseconds> attended;
  bool ended() const override { return ended_; }
  void child_changed(Nanoseconds now) override { ended_ = now >= ends_; }
  std::optional<Nanoseconds> attend(Nanoseconds now) override {
    attended.push_back(now);
    return period ? std::optional(now + *period) : std::nullopt;
  }
  int output() const override { return -1; }
  void read_output() override {}
  void suspend() override { ++suspensions; }
  void go_on(Nanoseconds time) override { suspended += time; }
  int suspensions = 0;
  Nanoseconds suspended;

 private:
  Nanoseconds ends_;
  bool ended_ = false;
};

TEST(Waiting, LastsUntilTheDeadlineAndTicksTwiceASecond) {
  FakeWorld world;
  Ticks ticks;
  Waiting waiting(world, &ticks);
  EXPECT_EQ(waiting.wait(at_second(10)), Woke::deadline);
  EXPECT_EQ(waiting.now(), at_second(10));
  EXPECT_EQ(ticks.count, 20);  // at 0, 0.5, ..., 9.5
  EXPECT_EQ(waiting.wait(at_second(3)), Woke::deadline);
  EXPECT_EQ(ticks.count, 20);
}

TEST(Waiting, WithoutADeadlineLastsUntilASignal) {
  FakeWorld world;
  world.send(SIGHUP, 7);
  Waiting waiting(world);
  EXPECT_EQ(waiting.wait(std::nullopt), Woke::stopped);
  EXPECT_EQ(waiting.now(), at_second(7));
  EXPECT_EQ(waiting.stop_signal(), SIGHUP);
  EXPECT_EQ(waiting.wait(at_second(9)), Woke::stopped);  // for good
}

TEST(Waiting, EndsWithWhatIsAwaited) {
  FakeWorld world;
  for (const double second : {2, 4}) world.send(SIGCHLD, second);  // a thread stops, the process ends
  FakeAwaited awaited(3);
  Ticks ticks;
  Waiting waiting(world, &ticks);
  EXPECT_EQ(waiting.wait(at_second(60), &awaited), Woke::ended);
  EXPECT_EQ(waiting.now(), at_second(4));
  EXPECT_EQ(ticks.edges, 1);
}

// That of a signal and an end at once: the end, for the execution is whole.
TEST(Waiting, PrefersTheEndToASignal) {
  FakeWorld world;
  world.send(SIGCHLD, 2);
  world.send(SIGINT, 2);
  FakeAwaited awaited(1);
  Waiting waiting(world);
  EXPECT_EQ(waiting.wait(at_second(60), &awaited), Woke::ended);
  EXPECT_EQ(waiting.stop_signal(), SIGINT);
}

TEST(Waiting, OnAnEndHeedsOnlyNewSignals) {
  FakeWorld world;
  world.send(SIGINT, 1);
  world.send(SIGTERM, 3);
  world.send(SIGCHLD, 4);
  FakeAwaited awaited(4);
  Waiting waiting(world);
  EXPECT_EQ(waiting.wait(std::nullopt, &awaited).value(), Woke::stopped);
  EXPECT_EQ(waiting.wait_on(at_second(2), awaited).value(), Woke::deadline);
  EXPECT_EQ(waiting.wait_on(at_second(9), awaited).value(), Woke::stopped);
  EXPECT_EQ(waiting.wait_on(std::nullopt, awaited).value(), Woke::ended);
  EXPECT_EQ(waiting.stop_signal(), SIGTERM);
}

TEST(Waiting, StopsByCtrlZWithWhatIsAwaitedAndIsThatMuchLater) {
  FakeWorld world;
  world.send(SIGTSTP, 1);
  FakeAwaited awaited(60);
  Waiting waiting(world);
  EXPECT_EQ(waiting.wait(at_second(5), &awaited).value(), Woke::deadline);
  EXPECT_EQ(waiting.now(), at_second(8));  // 3 s stopped
  EXPECT_EQ(awaited.suspensions, 1);
  EXPECT_EQ(awaited.suspended, at_second(3));
  EXPECT_EQ(waiting.stop_signal(), 0);
  world.send(SIGTSTP, 9);
  EXPECT_EQ(waiting.wait(at_second(10)).value(), Woke::deadline);  // in a pause between executions
  EXPECT_EQ(waiting.now(), at_second(13));
}

TEST(Waiting, KnowsHowLateItWoke) {
  FakeWorld world;
  FakeAwaited awaited(60);
  Waiting waiting(world);
  EXPECT_EQ(waiting.wait(at_second(1), &awaited).value(), Woke::deadline);
  EXPECT_EQ(waiting.latest_wake(), at_second(0));
  world.sleeps = at_second(2.5);
  EXPECT_EQ(waiting.wait(at_second(2), &awaited).value(), Woke::deadline);
  EXPECT_EQ(waiting.latest_wake(), at_second(2.5));
  EXPECT_EQ(waiting.wait(at_second(20), &awaited).value(), Woke::deadline);
  EXPECT_EQ(waiting.latest_wake(), at_second(0));
}

TEST(Waiting, WakesForWhatIsDue) {
  FakeWorld world;
  FakeAwaited awaited(60);
  awaited.period = at_second(0.2);
  Waiting waiting(world);
  EXPECT_EQ(waiting.wait(at_second(0.45), &awaited), Woke::deadline);
  EXPECT_EQ(awaited.attended, (std::vector{at_second(0), at_second(0.2), at_second(0.4)}));
}

TEST(Waiting, PassesTheErrorOfATickOn) {
  FakeWorld world;
  Ticks ticks;
  ticks.fails_at = 3;
  Waiting waiting(world, &ticks);
  const auto woke = waiting.wait(at_second(10));
  ASSERT_FALSE(woke);
  EXPECT_EQ(woke.error().what, "full");
  EXPECT_EQ(waiting.now(), at_second(1));
}

}  // namespace
}  // namespace pw
