// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/occ/occ.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "os/file.h"
#include "power/occ/test_occ.h"

namespace pw {
namespace {

using test::OccChip;
using testing::HasSubstr;

class Occ : public testing::Test {
 protected:
  std::unique_ptr<PowerReader> open() {
    auto reader = open_occ(file_, 25);
    EXPECT_TRUE(reader) << one_line(reader.error());
    return reader ? std::move(*reader) : nullptr;
  }
  TempFolder folder_ = TempFolder::make().value();
  std::string file_ = folder_.path() / "occ_inband_sensors";
};

// Steps, ramps and noise between 80 and 400 W.
double curve(unsigned seed, std::size_t sensor, double t) {
  const double phase = seed * 0.7 + static_cast<double>(sensor);
  return 240 + 80 * std::sin(t * (0.5 + seed % 5) + phase) + 40 * (std::fmod(t * 1.7 + phase, 1) > 0.5) +
         30 * std::fmod(std::abs(std::sin(t * 12345.678 + phase)) * 43758.5453, 1);
}

TEST_F(Occ, EnergyIsTheIntegralAcrossWrapsOfTheTag) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::filesystem::remove(file_);
    OccChip chip(file_, 0, 0xFFFFFFFFU - 3000 * (seed % 2));  // wraps on the way in every second run
    chip.run(0.04, [&](auto sensor, double t) { return curve(seed, sensor, t); });
    const auto reader = open();
    const auto first = reader->read();
    const double before = chip.true_joules(0);
    std::vector<PowerSample> last;
    for (int refresh = 1; refresh <= 100; ++refresh) {
      chip.run(0.04, [&](auto sensor, double t) { return curve(seed, sensor, t); });
      if (refresh % 3 == 1) last = reader->read();
    }
    ASSERT_EQ(last.size(), 3U);
    const double truth = chip.true_joules(0) - before;
    EXPECT_NEAR((*last[0].joules - *first[0].joules).value, truth, 0.005 * truth) << seed;
    EXPECT_EQ(last[0].status, SampleStatus::ok);
    EXPECT_TRUE(reader->take_warnings().empty());
  }
}

TEST_F(Occ, ChannelsSayWhatTheyMeasure) {
  OccChip first(file_, 0);
  OccChip third(file_, 2);  // the block between them is of no OCC
  first.run(0.04, [](auto, double) { return 200; });
  third.run(0.04, [](auto, double) { return 100; });
  const auto channels = open()->channels();
  std::vector<std::string> texts;
  for (const Channel& channel : channels) texts.push_back(channel.name + "|" + channel.scope);
  EXPECT_THAT(texts, testing::ElementsAre("OCC0 PWRSYS|whole machine", "OCC0 PWRPROC|socket 0",
                                          "OCC0 PWRMEM|socket 0 memory", "OCC1 PWRPROC|socket 1",
                                          "OCC1 PWRMEM|socket 1 memory"));
  EXPECT_EQ(channels[0].sample_error, Watts{0.5});  // rounded
  EXPECT_EQ(channels[1].sample_error, Watts{2});    // a sum of what is cut off
  EXPECT_EQ(channels[0].kind, ChannelKind::accumulating);
  EXPECT_EQ(channels[3].device, file_ + "#2/PWRPROC");
}

TEST_F(Occ, RepeatsWhatTheOccHasNotRenewed) {
  OccChip chip(file_, 0);
  chip.run(0.04, [](auto, double) { return 200; });
  const auto reader = open();
  EXPECT_EQ(reader->read()[0].joules, reader->read()[0].joules);
  chip.run(0.04, [](auto, double) { return 200; });
  EXPECT_NEAR(reader->read()[0].joules->value, 8, 1e-9);
}

TEST_F(Occ, AResetLeavesAGapAndGoesOn) {
  OccChip chip(file_, 0);
  const auto watts = [](auto, double) { return 100.0; };
  chip.run(0.04, watts);
  const auto reader = open();
  chip.run(1, watts);
  EXPECT_NEAR(reader->read()[0].joules->value, 100, 1e-6);
  chip.restart();
  chip.run(2, watts);  // its sums are higher than before by now
  const auto after = reader->read();
  EXPECT_EQ(after[0].status, SampleStatus::reset);
  EXPECT_NEAR(after[0].joules->value, 100, 1e-6);
  EXPECT_THAT(reader->take_warnings().at(0), HasSubstr("OCC0 was reset"));
  chip.run(1, watts);
  EXPECT_NEAR(reader->read()[0].joules->value, 200, 1e-6);
}

TEST_F(Occ, SumsDoNotFallWhereItsSensorsAreOthersForAWhile) {
  const auto watts = [](auto, double) { return 100.0; };
  OccChip chip(file_, 0);
  chip.run(0.04, watts);
  const auto reader = open();
  chip.run(1, watts);
  EXPECT_NEAR(reader->read()[2].joules->value, 100, 1e-6);
  {
    OccChip other(file_, 0, 0, {"PWRSYS"});
    other.run(0.04, watts);
    for (const PowerSample& sample : reader->read()) EXPECT_EQ(sample.status, SampleStatus::error);
  }
  chip.restart();
  chip.run(1, watts);
  reader->read();
  chip.run(1, watts);
  EXPECT_NEAR(reader->read()[2].joules->value, 200, 1e-6);
}

// The last 48 bytes of a block have no room for a record behind where the buffer begins.
TEST_F(Occ, AHeaderThatPointsBehindItsBlockIsNone) {
  OccChip chip(file_, 0);
  chip.run(0.04, [](auto, double) { return 100.0; });
  for (const std::size_t where : {16U, 20U})
    for (const std::uint32_t last : {0x25800U - 1, 0x25800U - 47, 0xffffffffU}) {
      std::vector<std::uint8_t> bytes(4);
      test::put(bytes, 0, last, 4);
      OccChip broken(file_, 1);
      broken.poke(where, bytes.data(), 4);
      EXPECT_EQ(open()->left_out().size(), 1U) << last;
    }
}

// A sum that is right but for one bit: more than a machine can draw.
TEST_F(Occ, AJumpIsNoEnergy) {
  OccChip chip(file_, 0);
  chip.run(0.04, [](auto, double) { return 100.0; });
  const auto reader = open();
  chip.run(0.04, [](auto, double) { return 60'000.0; });
  EXPECT_EQ(reader->read()[0].status, SampleStatus::reset);
  EXPECT_THAT(reader->take_warnings().at(0), HasSubstr("its sums jumped"));
  chip.run(1, [](auto, double) { return 100.0; });
  EXPECT_NEAR(reader->read()[0].joules->value, 100, 1e-6);
}

TEST_F(Occ, ABlockThatIsNotValidIsLeftOutWithItsReason) {
  OccChip first(file_, 0);
  first.run(0.04, [](auto, double) { return 100.0; });
  OccChip second(file_, 1);
  const std::uint8_t invalid = 0;
  second.poke(0, &invalid, 1);
  EXPECT_THAT(open()->left_out(), testing::ElementsAre(HasSubstr("block 1 is left out: it is not valid")));
}

TEST_F(Occ, AnInvalidBufferIsNotRead) {
  OccChip chip(file_, 0);
  const auto watts = [](auto, double) { return 100.0; };
  chip.run(0.04, watts);
  chip.run(0.04, watts);
  const auto reader = open();
  const std::uint8_t invalid = 0, valid = 1;
  chip.poke(0xDC00, &invalid, 1);
  chip.poke(0x18C00, &invalid, 1);
  EXPECT_EQ(reader->read()[0].status, SampleStatus::error);
  EXPECT_FALSE(reader->read()[0].joules);
  chip.poke(0xDC00, &valid, 1);
  chip.poke(0x18C00, &valid, 1);
  chip.run(1, watts);
  EXPECT_NEAR(reader->read()[0].joules->value, 100, 1e-6);
}

// The power sensors of the second are behind 30 others. The writer never waits for the reader.
class OccWritten : public Occ, public testing::WithParamInterface<std::size_t> {};

TEST_P(OccWritten, ABufferThatIsBeingWrittenIsReadAgain) {
  std::vector<std::string> names(GetParam(), "TEMPPROCTHRMC0");
  names.insert(names.end(), {"PWRSYS", "PWRPROC"});
  OccChip chip(file_, 0, 0, names);
  const auto watts = [](auto, double t) { return t < 2 ? 100.0 : 300.0; };
  chip.run(0.04, watts);
  const auto reader = open();
  const double before = chip.true_joules(GetParam());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 2'000; ++i) chip.run(0.002, watts);
    done = true;
  });
  double sum = 0;
  while (!done) {
    const auto sample = reader->read()[0];
    if (!sample.joules) continue;
    EXPECT_GE(sample.joules->value, sum);
    EXPECT_NE(sample.status, SampleStatus::reset);
    sum = sample.joules->value;
  }
  writer.join();
  sum = reader->read()[0].joules->value;
  EXPECT_NEAR(sum, chip.true_joules(GetParam()) - before, 1e-3 * sum);
}

INSTANTIATE_TEST_SUITE_P(NearAndFar, OccWritten, testing::Values(0, 30));

// Read so rarely that either buffer may be the newer one.
TEST_F(Occ, TheNewerBufferIsFoundAfterAnyNumberOfRefreshes) {
  OccChip chip(file_, 0);
  const auto watts = [](auto, double) { return 100.0; };
  chip.run(0.04, watts);
  const auto reader = open();
  int refreshes = 0;
  for (const int more : {1, 2, 0, 3, 2, 2, 1, 0, 0, 4, 1, 1, 5}) {
    for (int i = 0; i < more; ++i) chip.run(0.04, watts);
    EXPECT_NEAR(reader->read()[0].joules->value, 4 * (refreshes += more), 1e-6);
  }
}

TEST_F(Occ, GarbageIsNoEnergy) {
  std::mt19937 random(1);
  OccChip chip(file_, 0);
  const auto watts = [](auto, double) { return 100.0; };
  chip.run(0.04, watts);
  const auto reader = open();
  for (int i = 0; i < 3000; ++i) {
    std::uint8_t byte = static_cast<std::uint8_t>(random());
    const std::size_t at = i % 3 == 0 ? random() % 0x500 : (random() % 2 ? 0xDC00 : 0x18C00) + random() % 160;
    chip.poke(at, &byte, 1);
    const auto sample = reader->read()[0];
    EXPECT_TRUE(!sample.joules || (std::isfinite(sample.joules->value) && sample.joules->value >= 0));
    if (random() % 4 == 0) static_cast<void>(open_occ(file_, 1));
  }
}

TEST_F(Occ, RefusesWithAReason) {
  EXPECT_THAT(one_line(open_occ(file_, 1).error()), HasSubstr("bare-metal POWER9"));
  ASSERT_TRUE(write_file(file_, "too short"));
  EXPECT_THAT(one_line(open_occ(file_, 1).error()), HasSubstr("none of 0 OCC blocks"));
  ASSERT_TRUE(write_file(file_, std::string(occ::kBlockSize, '\0')));
  EXPECT_THAT(one_line(open_occ(file_, 1).error()), HasSubstr("none of 1 OCC blocks is valid"));
}

}  // namespace
}  // namespace pw
