// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/test_recorder.h"

namespace pw {
namespace {

using test::at_second;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class FakeWatchObserver : public WatchObserver {
 public:
  explicit FakeWatchObserver(test::Log& log) : log_(log) {}
  std::size_t samples_seen = 0;
  std::optional<double> leaves_at;
  void begin() override { log_.push_back("title"); }
  std::vector<std::string> seen;  // of each row that has any: the times of its readings
  void samples(std::span<const PowerSample> samples) override {
    samples_seen += samples.size();
    std::string times;
    for (const PowerSample& sample : samples) times += fmt::format(" {:.6g}", to_seconds(sample.time).value);
    seen.push_back(times);
  }
  void note(const Note& note) override { log_.push_back("told: " + note.text); }
  bool interval(Seconds elapsed) override {
    log_.push_back(fmt::format("row {:.6g}", elapsed.value));
    return !leaves_at || elapsed.value < *leaves_at;
  }
  void end(Seconds elapsed) override { log_.push_back(fmt::format("last {:.6g}", elapsed.value)); }

 private:
  test::Log& log_;
};

// A watch of rows of a second, from second 0 on.
struct FakeWatch {
  test::Log log;
  test::FakeWorld world;
  test::FakeFeed feed{log, world};
  test::FakeSink sink{log, world};
  FakeWatchObserver observer{log};
  WatchPlan plan;
  bool recorded = true;

  FakeWatch() {
    plan.header.channels.resize(1);
    plan.header.sources.resize(1);
    plan.interval = {1};
    plan.duration = Seconds{3};
  }

  Result<Ending> run() { return Watch(plan, world, feed, recorded ? &sink : nullptr, observer).run(); }

  test::Log steps() const {
    test::Log steps = log;
    std::erase(steps, "samples");
    return steps;
  }
};

TEST(Watch, TellsARowAnIntervalHalfOfItBehindTheReadings) {
  FakeWatch fake;
  fake.plan.refusals = {"no occ here"};
  EXPECT_EQ(fake.run(), Ending::complete);
  EXPECT_THAT(fake.steps(), ElementsAre("begin", "note: no occ here", "title", "row 0.5", "row 1.5",
                                        "row 2.5", "feed stops", "last 3", "execution 1/1", "end complete"));
  EXPECT_EQ(fake.observer.samples_seen, 4u);  // of the seconds 0 to 3
  EXPECT_EQ(fake.sink.all_samples.size(), 4u);
  EXPECT_EQ(fake.sink.counted.front().reads, 4);
}

// As random readings come: each row has that of its own interval, from 3/4 before a row's second to 1/4
// behind.
TEST(Watch, KeepsAReadingThatCameEarlyForItsRow) {
  FakeWatch fake;
  fake.feed.times = {0.1, 0.4, 1.3, 2.1};
  EXPECT_EQ(fake.run(), Ending::complete);
  EXPECT_THAT(fake.observer.seen, ElementsAre(" 0.1", " 0.4", " 1.3 2.1"));
  EXPECT_EQ(fake.sink.all_samples.size(), 4u);
}

TEST(Watch, ShowsAllThatCameOfASensorThatIsReadOftenerThanRowsCome) {
  FakeWatch fake;
  fake.plan.header.sources.front().rate_hz = 10;
  fake.feed.times = {0.1, 0.4, 1.3, 2.1};
  EXPECT_EQ(fake.run(), Ending::complete);
  EXPECT_THAT(fake.observer.seen, ElementsAre(" 0.1 0.4", " 1.3", " 2.1"));
}

TEST(Watch, RecordsNothingWithoutASink) {
  FakeWatch fake;
  fake.recorded = false;
  EXPECT_EQ(fake.run(), Ending::complete);
  EXPECT_THAT(fake.log, ElementsAre("title", "row 0.5", "row 1.5", "row 2.5", "feed stops", "last 3"));
}

TEST(Watch, ASignalEndsItAndCutsADurationShort) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    FakeWatch fake;
    fake.world.send(signal, 1.7);
    EXPECT_EQ(fake.run(), Ending::stopped);
    EXPECT_EQ(fake.log.back(), "end stopped");
    EXPECT_THAT(fake.log, Contains("last 1.7"));
    FakeWatch endless;
    endless.plan.duration.reset();
    endless.world.send(signal, 6.2);
    EXPECT_EQ(endless.run(), Ending::complete);
    EXPECT_THAT(endless.log, Contains("row 5.5"));
  }
}

TEST(Watch, EndsWhereNobodyListensAnyMore) {
  FakeWatch fake;
  fake.plan.duration.reset();
  fake.observer.leaves_at = 2;
  EXPECT_EQ(fake.run(), Ending::complete);
  EXPECT_THAT(fake.log, Contains("last 2.5"));
}

TEST(Watch, TellsAndKeepsWhatTheSamplerSays) {
  FakeWatch fake;
  fake.feed.dies_at = 1;
  fake.feed.bins = {{0, {}, {1}, Watts{500}, {}, {}, {}, {}, {}}};
  EXPECT_EQ(fake.run(), Ending::complete);
  EXPECT_EQ(fake.sink.all_bins.size(), 1u);
  EXPECT_THAT(fake.log, Contains("told: fake: readings lost"));
  EXPECT_THAT(fake.log, Contains("note: fake: readings lost"));
  EXPECT_THAT(fake.log, Contains("row 2.5"));
  EXPECT_EQ(fake.sink.all_samples.size(), 1u);
}

TEST(Watch, EndsAtAFullDiskWhereverItComes) {
  const auto prepared = [] {
    auto fake = std::make_unique<FakeWatch>();
    fake->plan.refusals = {"no occ here"};
    fake->feed.dies_at = 2;
    return fake;
  };
  const auto whole = prepared();
  ASSERT_EQ(whole->run(), Ending::complete);
  ASSERT_GE(whole->sink.calls, 7);
  for (int call = 1; call <= whole->sink.calls; ++call) {
    const auto fake = prepared();
    fake->sink.full_at = call;
    const auto ending = fake->run();
    ASSERT_FALSE(ending) << call;
    EXPECT_EQ(ending.error().where, fmt::format("call {}", call));
    EXPECT_EQ(fake->sink.calls, call);
  }
}

// What an energy counter did not enclose has no energy: from its first reading to its last, less two
// refreshes.
TEST(Watch, TheExecutionLiesWithinTheReadingsOfEnergy) {
  FakeWatch fake;
  fake.plan.header.channels.front().kind = ChannelKind::accumulating;
  fake.plan.header.channels.front().refresh = at_second(0.1);
  fake.plan.header.start = at_second(-1);
  fake.plan.duration = Seconds{3.5};
  ASSERT_TRUE(fake.run());
  ASSERT_EQ(fake.sink.executions.size(), 1u);
  EXPECT_EQ(fake.sink.executions.front().begin, at_second(0));
  EXPECT_EQ(fake.sink.executions.front().end, at_second(1.8));
}

TEST(Watch, TheExecutionIsTheWholeTimeWhereOnlyPowerIsRead) {
  FakeWatch fake;
  ASSERT_TRUE(fake.run());
  EXPECT_EQ(fake.sink.executions.front().begin, at_second(0));
  EXPECT_EQ(fake.sink.executions.front().end, at_second(3));
}

}  // namespace
}  // namespace pw
