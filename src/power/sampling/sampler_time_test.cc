// SPDX-License-Identifier: GPL-3.0-or-later
// The sampler and time: sources that hang, are slow or are renewed slowly, and a machine that was suspended.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "power/sampling/test_sampler.h"

namespace pw {
namespace {

using test::counter_channel;
using test::failure;
using test::FakeReader;
using test::joules;
using test::readers;
using test::Readings;
using test::Script;
using test::watts;
using testing::HasSubstr;

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

// A file of this machine whose power is 100 W in every first half of 20 ms and 300 W in every second, and a
// counter beside it.
class CheapSensor : public PowerReader {
 public:
  CheapSensor(double rate_hz, bool counts) : rate_hz_(rate_hz), counts_(counts) {}
  PowerSource describe() const override {
    PowerSource source;
    source.name = "cheap";
    source.rate_hz = rate_hz_;
    return source;
  }
  std::vector<Channel> channels() const override {
    return counts_ ? std::vector{counter_channel(), Channel{}} : std::vector{Channel{}};
  }
  void read_into(std::vector<PowerSample>& samples) override {
    if (counts_) read_kind_into(ChannelKind::accumulating, samples);
    read_kind_into(ChannelKind::instantaneous, samples);
  }
  bool cheap() const override { return true; }
  void read_kind_into(ChannelKind kind, std::vector<PowerSample>& samples) override {
    const bool counter = kind == ChannelKind::accumulating;
    const std::int64_t now = monotonic_now().value;
    samples.push_back(counter ? joules(static_cast<double>(now) * 1e-7)
                              : watts(now % 20'000'000 < 10'000'000 ? 100 : 300));
    samples.back().channel = counts_ && !counter ? 1 : 0;
  }

 private:
  double rate_hz_;
  bool counts_;
};

std::vector<std::unique_ptr<PowerReader>> cheap_readers(double rate_hz, bool counts) {
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(std::make_unique<CheapSensor>(rate_hz, counts));
  return readers;
}

// What is sampled until `enough` says so, or a minute is over: a busy machine samples less in a second.
template <class Enough>
std::vector<PowerSample> sample_until(Sampler& sampler, Enough enough) {
  std::vector<PowerSample> samples;
  const Nanoseconds give_up = monotonic_now() + Nanoseconds{60'000'000'000};
  while (!enough(samples) && monotonic_now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    sampler.drain(samples);
  }
  return samples;
}

std::int64_t readings_of(const std::vector<PowerSample>& samples) {
  std::int64_t readings = 0;
  for (const PowerSample& sample : samples) readings += sample.readings;
  return readings;
}

// A period of 20 ms, as the load's: readings in step would show 100 or 300 W throughout.
TEST(Sampler, PowerIsReadTenTimesAPeriodAndNeverInStepWithTheLoad) {
  Sampler sampler(
      cheap_readers(50, false), [] { return Nanoseconds{0}; }, 1);
  std::vector<PowerSample> samples = sample_until(
      sampler, [](const auto& so_far) { return so_far.size() > 50 && readings_of(so_far) > 500; });
  const PowerSource source = sampler.stop().front();
  sampler.drain(samples);
  ASSERT_GT(samples.size(), 50u);
  double mean = 0;
  for (const PowerSample& sample : samples) {
    mean += sample.watts->value / static_cast<double>(samples.size());
    EXPECT_LE(sample.readings, 10);
    EXPECT_GE(sample.least, 100);
    EXPECT_LE(sample.most, 300);
    EXPECT_TRUE(sample.readings == 1 || sample.deviation <= 141.5f);
  }
  EXPECT_NEAR(mean, 200, 20);
  EXPECT_GT(readings_of(samples), 500);
  EXPECT_EQ(source.reads, readings_of(samples));
  EXPECT_EQ(source.seed, 1);
  // Each sample is of the middle of a period of its own, but for the first and the last.
  const Nanoseconds first = samples[1].time;
  for (std::size_t i = 1; i + 1 < samples.size(); ++i)
    EXPECT_EQ((samples[i].time - first).value % 20'000'000, 0) << i;
}

// A file behind which a slow device stands.
TEST(Sampler, WhatIsSlowToReadIsReadOnceAPeriod) {
  class SlowFile : public CheapSensor {
   public:
    SlowFile() : CheapSensor(50, false) {}
    void read_kind_into(ChannelKind kind, std::vector<PowerSample>& samples) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      CheapSensor::read_kind_into(kind, samples);
    }
  };
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(std::make_unique<SlowFile>());
  Sampler sampler(
      std::move(readers), [] { return Nanoseconds{0}; }, 1);
  std::vector<PowerSample> samples =
      sample_until(sampler, [](const auto& so_far) { return so_far.size() > 15; });
  sampler.stop();
  sampler.drain(samples);
  ASSERT_GT(samples.size(), 15u);
  EXPECT_TRUE(
      std::all_of(samples.end() - 5, samples.end(), [](auto& sample) { return sample.readings == 1; }));
}

// Its first reading comes within a second, the second 5 s after the start.
TEST(Sampler, CountersAreReadOnceMoreAtAMark) {
  Sampler sampler(
      cheap_readers(0.05, true), [] { return Nanoseconds{0}; }, 1);
  const auto read = [](const auto& samples) { return !samples.empty() && samples.front().joules; };
  ASSERT_TRUE(read(sample_until(sampler, read)));
  const Nanoseconds marked = monotonic_now();
  sampler.mark();
  const std::vector<PowerSample> samples = sample_until(sampler, read);
  ASSERT_TRUE(read(samples));
  EXPECT_GE(samples.front().time, marked);
  EXPECT_LT(samples.front().time, marked + Nanoseconds{4'000'000'000});
  EXPECT_EQ(sampler.stop().front().missed, 0);
  EXPECT_TRUE(sampler.take_notes().empty());
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
  std::vector<Channel> channels() const override { return {counter_channel()}; }
  void read_into(std::vector<PowerSample>& samples) override {
    samples.push_back(joules(static_cast<double>(monotonic_now().value / 20'000'000)));
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
