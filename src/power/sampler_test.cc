// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampler.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

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

PowerSample joules(double value) {
  PowerSample sample;
  sample.time = monotonic_now();
  sample.joules = Joules{value};
  return sample;
}

TEST(Sampler, AnEnergyCounterIsResetByASuspension) {
  auto script = std::make_shared<Script>(Readings{{joules(1)}, {joules(2)}, {joules(9)}, {joules(10)}});
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(std::make_unique<FakeReader>(script, 1));
  // Asked once before the first reading and once after each: an hour passes before the third.
  static std::atomic<int> asked;
  asked = 0;
  Sampler sampler(std::move(readers),
                  [] { return ++asked < 4 ? Nanoseconds{0} : Nanoseconds{3'600'000'000'000}; });
  script->wait_until_exhausted();
  std::vector<PowerSample> samples;
  sampler.drain(samples);
  ASSERT_EQ(samples.size(), 4U);
  EXPECT_EQ(samples[1].status, SampleStatus::ok);
  EXPECT_EQ(samples[2].status, SampleStatus::reset);
  EXPECT_EQ(samples[3].status, SampleStatus::ok);
  const auto notes = sampler.take_notes();
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_THAT(notes[0].text, HasSubstr("suspended for 3600.0 s"));
  script->release();
}

TEST(Sampler, ASuspensionIsNotForgottenWhileReadingsFail) {
  auto script = std::make_shared<Script>(
      Readings{{joules(1)}, {failure(SampleStatus::error)}, {}, {joules(9)}, {joules(10)}});
  static std::atomic<int> asked;
  asked = 0;
  Sampler sampler(readers(script), [] { return ++asked < 3 ? Nanoseconds{0} : Nanoseconds{60'000'000'000}; });
  script->wait_until_exhausted();
  std::vector<PowerSample> samples;
  sampler.drain(samples);
  ASSERT_EQ(samples.size(), 4U);
  EXPECT_EQ(samples[2].joules, Joules{9});
  EXPECT_EQ(samples[2].status, SampleStatus::reset);
  EXPECT_EQ(samples[3].status, SampleStatus::ok);
  script->release();
}

TEST(Sampler, NothingNewIsNoFailure) {
  const auto script = std::make_shared<Script>(Readings{{watts(200)}, {}, {}, {watts(201)}});
  Sampler sampler(readers(script));
  script->wait_until_exhausted();
  EXPECT_EQ(sampler.latest(), Watts{201});
  EXPECT_TRUE(sampler.take_notes().empty());
  const PowerSource source = sampler.stop()[0];
  EXPECT_EQ(source.reads, 2);
  EXPECT_EQ(source.failures, 0);
  script->release();
}

// Reads at once, with values that are renewed every 20 ms.
class SlowSensor : public PowerReader {
 public:
  PowerSource describe() const override {
    PowerSource source;
    source.name = "slow";
    source.rate_hz = 1000;
    return source;
  }
  std::vector<Channel> channels() const override { return {Channel{}}; }
  std::vector<PowerSample> read() override {
    return {joules(static_cast<double>(monotonic_now().value / 20'000'000))};
  }
};

TEST(Sampler, DoesNotReadFasterThanASensorIsRenewed) {
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(std::make_unique<SlowSensor>());
  Sampler sampler(std::move(readers), [] { return Nanoseconds{0}; });
  std::vector<Note> notes;
  for (int i = 0; i < 200 && notes.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    notes = sampler.take_notes();
  }
  ASSERT_FALSE(notes.empty());
  EXPECT_EQ(notes[0].kind, NoteKind::notice);
  EXPECT_THAT(notes[0].text, HasSubstr("read that often from now on"));
  const PowerSource counted = sampler.stop().front();
  ASSERT_TRUE(counted.renews);
  EXPECT_GE(counted.late_most, counted.late_mean);
}

// A source that hangs does not keep another from being read.
TEST(Sampler, ASlowSourceDelaysNoOther) {
  auto hanging = std::make_shared<Script>(Readings{}),
       quick = std::make_shared<Script>(Readings(50, {watts(1)}));
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(std::make_unique<FakeReader>(hanging, 1));
  readers.push_back(std::make_unique<FakeReader>(quick, 1));
  Sampler sampler(std::move(readers));
  hanging->wait_until_exhausted();
  quick->wait_until_exhausted();
  std::vector<PowerSample> samples;
  sampler.drain(samples);
  EXPECT_EQ(samples.size(), 50U);
  hanging->release();
  quick->release();
}

}  // namespace
}  // namespace pw
