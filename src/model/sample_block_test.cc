// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/sample_block.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "model/samples.h"

namespace pw {
namespace {

using std::int64_t;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();
constexpr Nanoseconds kStart{1'000'000'000'000};

std::vector<int64_t> back(const std::vector<int64_t>& values, std::size_t* size = nullptr) {
  std::string bytes;
  pack_integers(values, bytes);
  if (size) *size = bytes.size();
  std::string_view left = bytes;
  const auto column = take_integers(left, values.size());
  EXPECT_TRUE(left.empty());
  std::vector<int64_t> out(values.size());
  column.value().unpack(0, out);
  return out;
}

TEST(IntegerColumn, GivesBackWhatWasPacked) {
  std::mt19937_64 random(1);
  std::vector<int64_t> any(100);
  for (int64_t& one : any) one = static_cast<int64_t>(random());
  for (const std::vector<int64_t>& values : std::vector<std::vector<int64_t>>{
           {}, {7}, {kLeast, kMost}, {kMost, kLeast, 0}, {3, 3, 3}, {0, 1000, 2000, 3001}, any})
    EXPECT_EQ(back(values), values);
}

TEST(IntegerColumn, TakesNoMoreThanItMust) {
  std::size_t size = 0;
  back(std::vector<int64_t>(1000, 0), &size);
  EXPECT_EQ(size, 1U);
  std::vector<int64_t> even(1000), watts(1000);
  for (int64_t i = 0; i < 1000; ++i) {
    even[static_cast<std::size_t>(i)] = 5 + 1'000'000'000 * i;
    watts[static_cast<std::size_t>(i)] = 1'000'000 * (300 + i % 50);
  }
  back(even, &size);
  EXPECT_EQ(size, 17U);
  back(watts, &size);
  EXPECT_LE(size, 1000U + 17);
}

std::vector<double> back(const std::vector<double>& values, ValueScale* scale = nullptr) {
  std::string bytes;
  pack_values(values, bytes);
  EXPECT_GE(bytes.size(), values.size());
  std::string_view left = bytes;
  const ValueColumn column = take_values(left, values.size()).value();
  if (scale) *scale = column.scale;
  std::vector<int64_t> integers(values.size());
  column.integers.unpack(0, integers);
  std::vector<double> out;
  for (const int64_t one : integers) out.push_back(column.value(one));
  return out;
}

TEST(ValueColumn, GivesBackTheSameBits) {
  std::mt19937_64 random(1);
  ValueScale scale{};
  const std::vector<std::pair<std::vector<double>, ValueScale>> kinds = {
      {{300, 301, 250}, ValueScale::times_ten},
      {{317'300'001 * 1e-6, 5 * 1e-6}, ValueScale::times_ten},
      {{31.37, 299.9, 0.1}, ValueScale::by_ten},
      {{std::ldexp(3, -14), std::ldexp(123'456'789, -14)}, ValueScale::times_two},
      {{-0.0, 1}, ValueScale::bits},
      {{1e300, -5e-324, M_PI}, ValueScale::bits}};
  for (const auto& [values, expected] : kinds) {
    const std::vector<double> got = back(values, &scale);
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_EQ(std::bit_cast<std::uint64_t>(got[i]), std::bit_cast<std::uint64_t>(values[i])) << values[i];
    EXPECT_EQ(scale, expected) << values[0];
  }
}

PowerSample sample_at(int channel, int64_t ms, double watts) {
  PowerSample sample;
  sample.channel = channel;
  sample.time = kStart + Nanoseconds{ms * 1'000'000 + ms % 777};
  sample.read = {1000 + ms % 13};
  sample.watts = Watts{watts};
  return sample;
}

bool same(const PowerSample& a, const PowerSample& b) {
  return a.channel == b.channel && a.time == b.time && a.read == b.read && a.watts == b.watts &&
         a.joules == b.joules && a.sensor_time == b.sensor_time && a.status == b.status &&
         a.readings == b.readings && a.least == b.least && a.most == b.most && a.deviation == b.deviation;
}

// 1,000 samples of three channels: watts with a spread, some of which have none; joules with time stamps;
// watts that are read at other times.
std::vector<PowerSample> three_channels() {
  std::vector<PowerSample> all;
  for (int i = 0; i < 1000; ++i) {
    PowerSample watts = sample_at(0, i, 250 + i % 100), joules = sample_at(1, i, 0);
    watts.readings = 10, watts.least = 200.5F, watts.most = 400.25F, watts.deviation = 7.5F;
    if (i % 10 == 3) watts.watts.reset(), watts.status = SampleStatus::timeout;
    joules.watts.reset();
    joules.joules = Joules{i * 0.0005};
    joules.sensor_time = -5 + 512 * i;
    all.push_back(watts);
    all.push_back(joules);
    if (i % 2 == 0) all.push_back(sample_at(2, i + 1, 0.1 * i));
  }
  return all;
}

TEST(Samples, AreTheSameWhenTheyArePacked) {
  const std::vector<PowerSample> all = three_channels();
  Samples samples(all);
  const std::vector<PowerSample> before = samples.unpacked();
  samples.pack(kStart);
  samples.push_back(sample_at(1, 5000, 3));
  const Samples copy = std::exchange(samples, {});
  EXPECT_EQ(copy.size(), all.size() + 1);
  const std::vector<PowerSample> after = copy.unpacked();
  ASSERT_THAT(after, SizeIs(before.size() + 1));
  for (std::size_t i = 0; i < before.size(); ++i) ASSERT_TRUE(same(before[i], after[i])) << i;
  EXPECT_EQ(copy.of(0).size(), 1000U);
  EXPECT_EQ(copy.of(2).front().time, sample_at(2, 1, 0).time);
  EXPECT_EQ(copy.of(2).back().watts, Watts{0.1 * 998});
  EXPECT_EQ(copy.of(1).back().watts, Watts{3});
  EXPECT_TRUE(copy.of(99).empty());
}

TEST(Samples, ComeInTheOrderOfTimeAndOfChannels) {
  Samples samples({sample_at(1, 5, 0), sample_at(0, 5, 0), sample_at(0, 9, 0), sample_at(1, 2, 0)});
  std::vector<int> channels;
  for (const PowerSample& sample : samples) channels.push_back(sample.channel);
  EXPECT_THAT(channels, ElementsAre(0, 1, 1, 0));  // channel 1 goes back in time
  samples.push_back(sample_at(2, 1, 0));
  EXPECT_EQ(samples.begin()->channel, 2);
  Samples none;
  EXPECT_EQ(none.begin(), none.end());
}

TEST(SampleBlocks, ChannelsThatAreReadTogetherShareOne) {
  std::vector<std::vector<PowerSample>> by_channel(3);
  for (const PowerSample& sample : three_channels())
    by_channel[static_cast<std::size_t>(sample.channel)].push_back(sample);
  const std::vector<SampleBlock> blocks = packed(by_channel, kStart);
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].channels, 2);
  EXPECT_EQ(blocks[1].channel, 2);
  EXPECT_EQ(blocks[1].count, 500U);
}

TEST(SampleBlocks, AreCutWhereTheyAreTooLong) {
  std::vector<std::vector<PowerSample>> by_channel(1);
  for (int i = 0; i < 150'000; ++i) by_channel[0].push_back(sample_at(0, i, i % 7));
  std::vector<std::size_t> counts;
  for (const SampleBlock& block : packed(by_channel, kStart)) counts.push_back(block.count);
  EXPECT_THAT(counts, ElementsAre(kMostInBlock, kMostInBlock, 150'000 - 2 * kMostInBlock));
}

TEST(SampleBlocks, WhatIsCutShortOrTooLongIsNone) {
  std::vector<std::vector<PowerSample>> by_channel(2);
  for (int i = 0; i < 20; ++i)
    for (int channel : {0, 1})
      by_channel[static_cast<std::size_t>(channel)].push_back(sample_at(channel, i, i));
  const SampleBlock whole = packed(by_channel, kStart).at(0);
  EXPECT_TRUE(SampleColumns::of(whole));
  for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
    SampleBlock cut = whole;
    cut.bytes.resize(size);
    EXPECT_FALSE(SampleColumns::of(cut)) << size;
  }
  for (const auto& spoil : std::vector<void (*)(SampleBlock&)>{
           [](SampleBlock& block) { block.bytes += 'x'; }, [](SampleBlock& block) { block.count = 0; },
           [](SampleBlock& block) { block.count = kMostInBlock + 1; },
           [](SampleBlock& block) { block.channels = 3; }, [](SampleBlock& block) { block.channels = 0; }}) {
    SampleBlock spoilt = whole;
    spoil(spoilt);
    EXPECT_FALSE(SampleColumns::of(spoilt));
  }
}

TEST(SampleBlocks, DamagedBytesAreNumbersOrNone) {
  std::vector<std::vector<PowerSample>> by_channel(1);
  for (int i = 0; i < 20; ++i) by_channel[0].push_back(sample_at(0, i, i));
  const SampleBlock whole = packed(by_channel, kStart).at(0);
  std::mt19937 random(1);
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    SampleBlock damaged = whole;
    for (std::size_t n = random() % 4 + 1; n > 0; --n)
      damaged.bytes[random() % damaged.bytes.size()] = static_cast<char>(random());
    const auto columns = SampleColumns::of(damaged);
    if (!columns) continue;
    std::vector<PowerSample> out(20);
    columns->unpack(0, 0, out);
    ++read;
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace pw
