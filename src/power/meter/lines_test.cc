// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace pw {
namespace {

using testing::ElementsAre;

std::vector<std::string> lines_of(const std::vector<std::string>& pieces) {
  MeterLines lines;
  std::vector<std::string> found;
  for (const std::string& piece : pieces) {
    lines.add(piece);
    while (const auto line = lines.next()) found.push_back(*line);
  }
  return found;
}

TEST(MeterLines, ALineIsWholeHoweverItsBytesCome) {
  EXPECT_THAT(lines_of({"23", "7\n", "\n2", "38\n239"}), ElementsAre("237", "", "238"));
}

TEST(MeterLines, ALineWithoutEndIsDroppedUpToItsEnd) {
  const std::string half(3000, ' ');
  const auto lines = lines_of({"237" + half, half, half, "x\n238\n", "9" + half + half + "\n", "239\n"});
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].size(), MeterLines::kLongest + 3);
  EXPECT_FALSE(MeterFormat::of("237")->row(lines[0]));
  EXPECT_EQ(lines[1], "238");
  EXPECT_FALSE(MeterFormat::of("237")->row(lines[2]));
  EXPECT_EQ(lines[3], "239");
}

std::vector<std::string> channels_of(const std::string& line) {
  std::vector<std::string> texts;
  const auto format = MeterFormat::of(line);
  if (!format) return {"none"};
  for (const Channel& channel : format->channels())
    texts.push_back(channel.name + "|" + channel.scope + "|" +
                    std::string(to_text(channel.kind)).substr(0, 4));
  return texts;
}

TEST(MeterFormat, HeadersAndRowsSayWhatThereIs) {
  EXPECT_THAT(channels_of("237.5"), ElementsAre("watts|whole machine|inst"));
  EXPECT_THAT(channels_of("1764065061.5,237"), ElementsAre("watts|whole machine|inst"));
  EXPECT_THAT(channels_of("time, watts\r"), ElementsAre("watts|whole machine|inst"));
  EXPECT_THAT(channels_of("volts,gpu_watts,time,joules"),
              ElementsAre("gpu_watts|gpu|inst", "joules|whole machine|accu"));
  for (const char* line : {"", "1,2,3", "sh: 1: meter: not found", "time", "time,volts", "_watts", "nan"})
    EXPECT_THAT(channels_of(line), ElementsAre("none")) << line;
}

TEST(MeterFormat, RowsHaveTheHeadersColumns) {
  const MeterFormat format = *MeterFormat::of("volts,gpu_watts,time,joules");
  const auto row = format.row("230, 99.5 ,1764065061.5,\r");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->time, 1764065061.5);
  EXPECT_DOUBLE_EQ(row->time_step, 0.1);
  EXPECT_THAT(row->values, ElementsAre(99.5, std::nullopt));
  for (const char* line :
       {"230,99.5,1764065061.5", "230,99.5,,7", "230,-1,1764065061,7", "230,inf,1764065061,7",
        "230,1e9,1764065061,7", "230,,1764065061,", "230,99 W,1764065061,7", "230,9,1e30,7"})
    EXPECT_FALSE(format.row(line)) << line;
}

std::optional<double> watts_in(const std::string& first, const std::string& row, DecimalMark mark) {
  const auto format = MeterFormat::of(first, mark);
  const auto found = format ? format->row(row) : std::nullopt;
  return found ? found->values.front() : std::nullopt;
}

TEST(MeterFormat, ACommaInANumberIsReadAsTheAddressOrTheHeaderSays) {
  EXPECT_TRUE(is_ambiguous("212,5", DecimalMark::point));
  EXPECT_TRUE(is_ambiguous("12,237.5", DecimalMark::point));
  EXPECT_TRUE(is_ambiguous(" 1.234,5 ", DecimalMark::point));
  for (const char* clear : {"212.5", "1764065061,237", "1764065061.5,237", "time,watts", "1,2,3", ""})
    EXPECT_FALSE(is_ambiguous(clear, DecimalMark::point)) << clear;
  EXPECT_FALSE(is_ambiguous("212,5", DecimalMark::comma));
  EXPECT_EQ(watts_in("212,5", "212,5", DecimalMark::comma), 212.5);
  EXPECT_EQ(watts_in("1764065061,5;212,5", "1764065061,5;212,5", DecimalMark::comma), 212.5);
  EXPECT_EQ(watts_in("time;watts", "12,5;212,5", DecimalMark::comma), 212.5);
  EXPECT_EQ(watts_in("watts", "212,5", DecimalMark::point), 212.5);
  EXPECT_EQ(watts_in("watts", "212.5", DecimalMark::point), 212.5);
  EXPECT_EQ(watts_in("time,watts", "212,5", DecimalMark::point), 5);
  EXPECT_EQ(watts_in("212", "212,5", DecimalMark::point), std::nullopt);
  EXPECT_EQ(watts_in("watts", "1.212,5", DecimalMark::point), std::nullopt);
}

TEST(MeterFormat, TheLastDigitIsTheStep) {
  MeterFormat format = *MeterFormat::of("watts,a_watts,joules,b_watts");
  format.take_steps("237,12.25,1e3,.5");
  std::vector<double> steps;
  for (const Channel& channel : format.channels()) steps.push_back(channel.step);
  EXPECT_THAT(steps, ElementsAre(1, testing::DoubleEq(0.01), 0, testing::DoubleEq(0.1)));
}

TEST(MeterFormat, GarbageIsNoRow) {
  std::mt19937 random(1);
  const MeterFormat format = *MeterFormat::of("time,watts");
  const std::string letters = "0123456789.,-+eE \t\x1b#naif\xff";
  for (int i = 0; i < 20'000; ++i) {
    std::string line;
    for (std::size_t n = random() % 20; n > 0; --n) line += letters[random() % letters.size()];
    const auto row = format.row(line);
    if (!row) continue;
    EXPECT_GE(*row->values[0], 0) << line;
    EXPECT_LE(*row->values[0], 1e7) << line;
    static_cast<void>(MeterFormat::of(line));
  }
}

}  // namespace
}  // namespace pw
