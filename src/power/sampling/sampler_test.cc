// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/sampler.h"

#include <gmock/gmock.h>

#include "power/reader/checked_reader.h"
#include "power/sampling/test_sampler.h"

namespace pw {
namespace {

using test::failure;
using test::readers;
using test::Readings;
using test::Script;
using test::watts;
using testing::ElementsAre;
using testing::HasSubstr;

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

TEST(Sampler, HandsOnWhatEachSourceTellsOfTheServer) {
  const auto first = std::make_shared<Script>(Readings{{watts(200)}, {watts(201)}});
  const auto second = std::make_shared<Script>(Readings{{watts(300)}});
  std::vector<std::unique_ptr<PowerReader>> both = readers(first);
  both.push_back(std::make_unique<CheckedReader>(std::move(readers(second).front())));
  Sampler sampler(std::move(both));
  first->wait_until_exhausted();
  second->wait_until_exhausted();
  const std::vector<ServerBin> bins = sampler.take_bins();
  ASSERT_EQ(bins.size(), 3U);
  EXPECT_EQ(bins[0].source, 0);
  EXPECT_EQ(bins[1].begin, Nanoseconds{2});
  EXPECT_EQ(bins[2].source, 1);
  EXPECT_EQ(bins[2].watts, Watts{500});
  EXPECT_TRUE(sampler.take_bins().empty());
  first->release();
  second->release();
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

TEST(Sampler, WithoutReadersThereIsNothing) {
  Sampler sampler({});
  EXPECT_TRUE(sampler.sources().empty());
  EXPECT_EQ(sampler.latest(), std::nullopt);
  EXPECT_TRUE(sampler.stop().empty());
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

}  // namespace
}  // namespace pw
