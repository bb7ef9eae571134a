// SPDX-License-Identifier: GPL-3.0-or-later
// From a request to a session on this machine, whatever it can count, and its run.
#include "record/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>

#include "record/prepare_watch.h"
#include "record/test_recorder.h"

namespace pw {
namespace {

using testing::Contains;
using testing::HasSubstr;

// A meter outside perfwatt that reads 100 W.
constexpr const char* kMeter = "exec:while echo 100; do sleep 0.02; done";

CheckedRun checked(const RunRequest& request) {
  auto run = check_run(request);
  EXPECT_TRUE(run) << one_line(run.error());
  return std::move(*run);
}

// One test of `command`, without power, which counts page faults.
RunRequest one_test(std::vector<std::string> command) {
  RunRequest request;
  request.command = std::move(command);
  request.tests = 1;
  request.warmups = 0;
  request.events = "page-faults:u,task-clock";
  request.power.sources = "none";
  return request;
}

Result<PreparedRun> prepared(const RunRequest& request) {
  CheckedRun run = checked(request);
  run.events_named = false;  // some machines count nothing
  auto counting = plan_counting(run);
  if (!counting) return pass_on(counting);
  return prepare_run(std::move(run), std::move(*counting));
}

TEST(PlanCounting, RefusesWhatIsNamedAndCannotBeCounted) {
  RunRequest request = one_test({"true"});
  request.events = "r3fffffffffffffff";
  const auto counting = plan_counting(checked(request));
  if (counting) GTEST_SKIP() << "this machine counts whatever it is asked";
  EXPECT_EQ(counting.error().kind, Failure::not_possible);
  EXPECT_THAT(one_line(counting.error()), HasSubstr("none of these events can be counted here"));
}

TEST(PlanCounting, MeasuresWhatCountingCosts) {
  CheckedRun run = checked(one_test({"true"}));
  run.events_named = false;
  const auto counting = plan_counting(run);
  ASSERT_TRUE(counting);
  ASSERT_EQ(counting->plan.passes.size(), 1u);
  if (counting->plan.events.front().event.status != CountStatus::ok)
    GTEST_SKIP() << "counting is not allowed here";
  ASSERT_TRUE(counting->cost);
  EXPECT_GT(counting->cost->start_stop.value, 0);
  EXPECT_GT(counting->cost->read.value, 0);
  EXPECT_TRUE(counting->plan.events.front().event.floor);
}

TEST(Prepare, MakesTheHeaderOfARun) {
  RunRequest request = one_test({"true"});
  request.label = "label";
  const auto run = prepared(request);
  ASSERT_TRUE(run) << one_line(run.error());
  const RecordingHeader& header = run->session.header;
  EXPECT_FALSE(header.version.empty());
  EXPECT_EQ(header.experiment.label, "label");
  EXPECT_EQ(header.experiment.idle, Seconds{0});  // no source, no idle windows
  EXPECT_FALSE(header.machine.empty());
  EXPECT_GT(header.start.value, 0);
  EXPECT_GT(header.start_unix_s, 1.6e9);
  EXPECT_EQ(header.events.size(), 2u);
  EXPECT_EQ(header.passes.size(), run->session.counting.passes.size());
  const bool countable =
      std::ranges::any_of(header.events, [](const Event& event) { return event.status == CountStatus::ok; });
  EXPECT_EQ(header.counting_cost.has_value(), countable);  // what was not counted cost nothing that is known
  EXPECT_FALSE(run->sampler);
}

TEST(Prepare, RefusesAPowerSourceThatIsUnknown) {
  RunRequest request = one_test({"true"});
  request.power.sources = "dcmy";
  const auto run = prepared(request);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, Failure::input);
}

TEST(Prepare, RefusesAStopRuleOfAnEventThatCannotBeCounted) {
  RunRequest request = one_test({"true"});
  request.events = "r3fffffffffffffff,page-faults:u";
  request.stop_when = "r3fffffffffffffff:1%";
  request.tests = 5;
  const auto run = prepared(request);
  if (run) GTEST_SKIP() << "this machine counts whatever it is asked";
  EXPECT_EQ(run.error().kind, Failure::not_possible);
  EXPECT_THAT(one_line(run.error()), HasSubstr("cannot be counted here"));
}

TEST(Prepare, SettlesAStopRule) {
  RunRequest request = one_test({"true"});
  request.stop_when = "elapsed:1%";
  request.tests = 5;
  const auto run = prepared(request);
  ASSERT_TRUE(run) << one_line(run.error());
  EXPECT_EQ(run->session.stop_when->name, "elapsed");
}

struct Told {
  test::Log log;
  test::FakeWorld world;
  test::FakeSink sink{log, world};
  test::FakeObserver observer;
};

TEST(Prepare, ARunIsRecordedWithItsPower) {
  RunRequest request = one_test({"true"});
  request.power.sources = kMeter;
  request.idle = {0.3};
  const auto run = prepared(request);
  ASSERT_TRUE(run) << one_line(run.error());
  ASSERT_TRUE(run->sampler);
  EXPECT_EQ(run->session.header.sources.size(), 1u);
  EXPECT_EQ(run->session.header.channels.size(), 1u);
  Told told;
  const auto outcome = record(*run, told.sink, told.observer);
  ASSERT_TRUE(outcome) << one_line(outcome.error());
  EXPECT_EQ(outcome->ending, Ending::complete);
  EXPECT_EQ(told.log.back(), "end complete");
  EXPECT_EQ(told.sink.executions.size(), run->session.header.passes.size());
  EXPECT_THAT(told.log, Contains(HasSubstr("window before")));
  EXPECT_FALSE(told.sink.all_samples.empty());
  EXPECT_EQ(told.sink.all_samples.back().watts, Watts{100});
}

TEST(Prepare, ARunWithoutPowerIsRecorded) {
  const auto run = prepared(one_test({"false"}));
  ASSERT_TRUE(run);
  Told told;
  const auto outcome = record(*run, told.sink, told.observer);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->failed->exit_status, 1);
  EXPECT_TRUE(told.sink.all_samples.empty());
}

// Leaves at the first row behind a reading.
class BriefWatcher : public WatchObserver {
 public:
  bool seen = false, left = false;
  void begin() override {}
  void samples(std::span<const PowerSample>) override { seen = true; }
  void note(const Note&) override {}
  bool interval(Seconds) override {
    left = seen;
    return !left;
  }
  void end(Seconds) override {}
};

TEST(PrepareWatch, PowerAloneIsRecorded) {
  WatchRequest request;
  request.power.sources = kMeter;
  request.label = "label";
  request.interval = {0.05};
  const auto prepared = prepare_watch(request);
  ASSERT_TRUE(prepared) << one_line(prepared.error());
  EXPECT_EQ(prepared->plan.header.experiment.label, "label");
  EXPECT_EQ(prepared->plan.header.passes.size(), 1u);
  EXPECT_FALSE(prepared->plan.header.counting_cost);
  Told told;
  BriefWatcher watcher;
  EXPECT_EQ(watch(*prepared, &told.sink, watcher), Ending::complete);
  EXPECT_TRUE(watcher.left);
  EXPECT_FALSE(told.sink.all_samples.empty());
  EXPECT_EQ(told.log.back(), "end complete");
}

TEST(PrepareWatch, NeedsAPowerSource) {
  WatchRequest request;
  request.power.sources = "none";
  const auto none = prepare_watch(request);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, Failure::not_possible);
  EXPECT_THAT(one_line(none.error()), HasSubstr("no power source was named"));
  request.power.sources = "dcmy";
  EXPECT_EQ(prepare_watch(request).error().kind, Failure::input);
}

}  // namespace
}  // namespace pw
