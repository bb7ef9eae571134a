// SPDX-License-Identifier: GPL-3.0-or-later
// The sampler and time: sources that hang, are slow or are renewed slowly, and a machine that was suspended.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "power/sampling/test_sampler.h"

namespace pw {
namespace {

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
