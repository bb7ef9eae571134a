// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "record/test_recorder.h"

namespace pw {
namespace {

using test::at_second;
using test::FakeRun;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr double kIdle = 100, kLoad = 300;

// Idle windows of 10 s around one test of 60 s.
constexpr double kBegin = 10, kEnd = 70;

double power(double second) { return second >= kBegin && second < kEnd ? kLoad : kIdle; }

// The mean of the `over` seconds before.
double mean(double second, double over) {
  const double load = std::clamp(std::min(second, kEnd) - std::max(second - over, kBegin), 0.0, over);
  return kIdle + (kLoad - kIdle) * load / over;
}

std::string window_after(const std::function<double(double)>& watts, Nanoseconds averages = {}) {
  FakeRun fake;
  fake.experiment().tests = 1;
  fake.experiment().warmups = 0;
  fake.session.header.passes.resize(1);
  fake.session.header.channels[0].name = "system";
  fake.session.header.channels[0].averages = averages;
  fake.executor.script = {{.seconds = kEnd - kBegin}};
  fake.feed.watts = watts;
  if (!fake.run()) return "failed";
  const auto window = std::ranges::find_if(
      fake.log, [](const std::string& line) { return line.starts_with("window after"); });
  return window == fake.log.end() ? "none" : *window;
}

TEST(RecorderLate, OneThatIsOnTimeNeedsNoLongerWindow) {
  EXPECT_EQ(window_after(power), "window after 70 to 80");
  EXPECT_EQ(window_after([](double) { return kIdle; }), "window after 70 to 80");
  EXPECT_EQ(window_after([](double second) { return kIdle + second / 20; }), "window after 70 to 80");
}

// Half way at 82 s, all the way at 94 s.
TEST(RecorderLate, AMeanIsWatchedForAsLongAsItTakesAndTheWindowBesides) {
  EXPECT_EQ(window_after([](double second) { return mean(second, 24); }), "window after 70 to 106");
}

TEST(RecorderLate, OneThatIsRenewedSeldomIsWatchedForTwoRenewals) {
  const auto watts = [](double second) { return kIdle + std::fmod(std::floor(second / 6) * 7, 5); };
  EXPECT_EQ(window_after(watts), "window after 70 to 92");
}

TEST(RecorderLate, WhatTheDriverSaysOfItsMeanCounts) {
  EXPECT_EQ(window_after([](double) { return kIdle; }, at_second(20)), "window after 70 to 100");
}

TEST(RecorderLate, PowerThatStaysUpIsNotWatchedForEver) {
  EXPECT_EQ(window_after([](double second) { return second < kBegin ? kIdle : kLoad; }),
            "window after 70 to 140");
}

TEST(RecorderLate, TheWindowThatIsLongerIsSaid) {
  FakeRun fake;
  fake.session.header.channels[0].name = "system";
  fake.session.header.channels[0].averages = at_second(20);
  fake.feed.watts = [](double) { return kIdle; };
  ASSERT_TRUE(fake.run());
  EXPECT_THAT(fake.log, Contains(HasSubstr("note: system: it is up to 20 s late: idle power was watched for "
                                           "30 s after the tests instead of 10 s")));
}

// One test from 10 s to 70 s, or with `idle` 0 from second 2 on.
test::Log run_with_means(double idle, double later, std::optional<double> dies_at = {}) {
  FakeRun fake;
  fake.experiment().tests = 1;
  fake.experiment().warmups = 0;
  fake.experiment().idle = {idle};
  fake.session.header.passes.resize(1);
  Channel& channel = fake.session.header.channels[0];
  channel.name = "server";
  channel.kind = ChannelKind::accumulating;
  channel.refresh = channel.averages = at_second(30);
  fake.executor.script = {{.seconds = kEnd - kBegin}};
  fake.feed.means = 30;
  fake.feed.come_later = later;
  fake.feed.dies_at = dies_at;
  EXPECT_TRUE(fake.run());
  return fake.steps();
}

// The mean behind that in which the test ends, of 90 s to 120 s, comes at 159 s, and is seen within a second.
TEST(RecorderLate, MeansThatComeLaterAreWaitedForWithIdleWindowsAndWithout) {
  const test::Log log = run_with_means(10, 39);
  EXPECT_THAT(log, Contains("window after 70 to 160"));
  EXPECT_THAT(log,
              Contains(HasSubstr("late: idle power was watched for 90 s after the tests instead of 10 s")));
  EXPECT_THAT(run_with_means(0, 39), Contains(HasSubstr("s late: it was waited for ")));
}

TEST(RecorderLate, MeansThatDoNotComeAreNotWaitedForForEver) {
  EXPECT_THAT(run_with_means(10, 39, 2), Contains("window after 70 to 380"));
}

TEST(RecorderLate, ASignalEndsTheLongerWindow) {
  FakeRun fake;
  fake.session.header.channels[0].averages = at_second(60);
  fake.world.send(SIGINT, 30);
  const auto outcome = fake.run();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->ending, Ending::stopped);
}

TEST(RecorderLate, WithoutIdleWindowsNothingIsWaitedFor) {
  FakeRun fake;
  fake.experiment().idle = {};
  fake.session.header.channels[0].averages = at_second(60);
  ASSERT_TRUE(fake.run());
  EXPECT_LT(fake.world.now(), at_second(15));
}

}  // namespace
}  // namespace pw
