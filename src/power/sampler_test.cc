// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampler.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "os/clock.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

PowerSample watts(double value, SampleStatus status = SampleStatus::ok) {
  PowerSample sample;
  sample.time = monotonic_now();
  sample.watts = Watts{value};
  sample.status = status;
  return sample;
}

PowerSample failure(SampleStatus status) {
  PowerSample sample;
  sample.time = monotonic_now();
  sample.status = status;
  return sample;
}

// What the test and the reader in the sampler's thread share.
class Script {
 public:
  explicit Script(std::deque<std::vector<PowerSample>> readings) : readings_(std::move(readings)) {}

  // The next reading; after the last, waits until release().
  std::vector<PowerSample> next() {
    std::unique_lock lock(mutex_);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    signals_blocked = sigismember(&blocked, SIGINT) == 1 && sigismember(&blocked, SIGCHLD) == 1;
    if (readings_.empty()) {
      exhausted_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return released_; });
      return {failure(SampleStatus::timeout)};
    }
    std::vector<PowerSample> reading = std::move(readings_.front());
    readings_.pop_front();
    return reading;
  }

  void wait_until_exhausted() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return exhausted_; });
  }

  void release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

  void reader_gone() {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    changed_.notify_all();
  }

  void wait_until_gone() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return gone_; });
  }

  bool signals_blocked = false;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<PowerSample>> readings_;
  bool exhausted_ = false;
  bool released_ = false;
  bool gone_ = false;
};

class FakeReader : public PowerReader {
 public:
  FakeReader(std::shared_ptr<Script> script, int channels) : script_(std::move(script)), count_(channels) {}
  ~FakeReader() override { script_->reader_gone(); }
  PowerSource describe() const override {
    PowerSource source;
    source.name = "fake";
    source.rate_hz = 1000;
    return source;
  }
  std::vector<Channel> channels() const override {
    return std::vector<Channel>(static_cast<std::size_t>(count_), Channel{});
  }
  std::vector<PowerSample> read() override { return script_->next(); }
  std::int64_t reconnects() const override { return 7; }

 private:
  std::shared_ptr<Script> script_;
  int count_;
};

using Readings = std::deque<std::vector<PowerSample>>;

std::vector<std::unique_ptr<PowerReader>> readers(const std::shared_ptr<Script>& script, int channels = 1) {
  std::vector<std::unique_ptr<PowerReader>> list;
  list.push_back(std::make_unique<FakeReader>(script, channels));
  return list;
}

std::vector<std::string> texts(const std::vector<Note>& notes) {
  std::vector<std::string> found;
  for (const Note& note : notes) found.push_back(note.text);
  return found;
}

TEST(Sampler, CountsReadingsRepeatsAndFailures) {
  const auto script = std::make_shared<Script>(
      Readings{{watts(200)}, {watts(200)}, {failure(SampleStatus::busy)}, {watts(200)}, {watts(210)}});
  Sampler sampler(readers(script));
  script->wait_until_exhausted();
  std::vector<PowerSample> samples;
  sampler.drain(samples);
  ASSERT_EQ(samples.size(), 5U);
  EXPECT_EQ(samples[1].watts, Watts{200});
  EXPECT_EQ(samples[2].status, SampleStatus::busy);
  EXPECT_FALSE(usable(samples[2]));
  EXPECT_EQ(sampler.latest(), Watts{210});
  sampler.drain(samples);
  EXPECT_EQ(samples.size(), 5U);
  const std::vector<PowerSource> sources = sampler.stop();
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0].reads, 5);
  EXPECT_EQ(sources[0].failures, 1);
  EXPECT_EQ(sources[0].repeats, 2);
  EXPECT_EQ(sources[0].reconnects, 7);
  EXPECT_GT(sources[0].cpu.value, 0);
  EXPECT_TRUE(script->signals_blocked);
  script->release();
}

TEST(Sampler, SaysWhenReadingsAreLostAndBackOncePerChange) {
  const PowerSample lost = failure(SampleStatus::timeout);
  const PowerSample back = watts(200);
  const auto script = std::make_shared<Script>(
      Readings{{watts(200)}, {lost}, {failure(SampleStatus::session_lost)}, {back}, {watts(201)}});
  Sampler sampler(readers(script));
  script->wait_until_exhausted();
  const std::vector<Note> notes = sampler.take_notes();
  EXPECT_THAT(texts(notes), ElementsAre("fake: readings fail (timeout)", "fake: readings are back"));
  EXPECT_EQ(notes.at(0).time, lost.time);
  EXPECT_EQ(notes.at(1).time, back.time);
  EXPECT_TRUE(sampler.take_notes().empty());
  script->release();
}

TEST(Sampler, InactiveWattsCountWithOneWarning) {
  const auto script = std::make_shared<Script>(
      Readings{{watts(200)}, {watts(200, SampleStatus::inactive)}, {watts(201, SampleStatus::inactive)}});
  Sampler sampler(readers(script));
  script->wait_until_exhausted();
  EXPECT_THAT(texts(sampler.take_notes()), ElementsAre(HasSubstr("inactive")));
  EXPECT_EQ(sampler.latest(), Watts{201});
  EXPECT_EQ(sampler.stop()[0].failures, 0);
  script->release();
}

TEST(Sampler, LatestIsUnknownWhileReadingsFail) {
  const auto script = std::make_shared<Script>(Readings{{watts(200)}, {failure(SampleStatus::timeout)}});
  Sampler sampler(readers(script));
  script->wait_until_exhausted();
  EXPECT_EQ(sampler.latest(), std::nullopt);
  script->release();
}

TEST(Sampler, NumbersChannelsOverAllReaders) {
  PowerSample second = watts(2);
  second.channel = 1;
  const auto two = std::make_shared<Script>(Readings{{watts(1), second}});
  const auto one = std::make_shared<Script>(Readings{{watts(3)}});
  auto both = readers(two, 2);
  both.push_back(std::move(readers(one).front()));
  Sampler sampler(std::move(both));
  two->wait_until_exhausted();
  one->wait_until_exhausted();
  ASSERT_EQ(sampler.channels().size(), 3U);
  EXPECT_EQ(sampler.channels()[1].source, 0);
  EXPECT_EQ(sampler.channels()[2].source, 1);
  std::vector<PowerSample> samples;
  sampler.drain(samples);
  ASSERT_EQ(samples.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(samples[static_cast<std::size_t>(i)].channel, i);
    EXPECT_EQ(samples[static_cast<std::size_t>(i)].watts, Watts{i + 1.0});
  }
  two->release();
  one->release();
}

// Were it not left behind, stop() would never come back: the reading ends only after it.
TEST(Sampler, AReadingThatHangsIsLeftBehind) {
  const auto script = std::make_shared<Script>(Readings{{watts(200)}});
  {
    Sampler sampler(readers(script));
    script->wait_until_exhausted();
    EXPECT_EQ(sampler.stop()[0].reads, 1);
    std::vector<PowerSample> samples;
    sampler.drain(samples);
    EXPECT_EQ(samples.size(), 1U);
  }
  script->release();
  script->wait_until_gone();
}

TEST(Sampler, WithoutReadersThereIsNothing) {
  Sampler sampler({});
  EXPECT_TRUE(sampler.sources().empty());
  EXPECT_EQ(sampler.latest(), std::nullopt);
  EXPECT_TRUE(sampler.stop().empty());
}

}  // namespace
}  // namespace pw
