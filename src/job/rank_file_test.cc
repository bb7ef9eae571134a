// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_file.h"

#include <gmock/gmock.h>

#include "job/lines.h"
#include "job/test_ranks.h"

namespace pw {
namespace {

using testing::HasSubstr;

constexpr std::size_t kEvents = 2;

TEST(RankFile, IsReadAsItWasWritten) {
  const RankFile original = test::rank_file(3);
  const auto read = parse_rank_file(rank_file_text(original), kEvents, "f");
  ASSERT_TRUE(read) << one_line(read.error());
  EXPECT_EQ(read->place, original.place);
  EXPECT_EQ(read->begin_unix, original.begin_unix);
  EXPECT_EQ(read->elapsed, original.elapsed);
  EXPECT_EQ(read->usage, original.usage);
  ASSERT_EQ(read->readings.size(), 2U);
  EXPECT_EQ(read->readings[0].value, original.readings[0].value);
  EXPECT_EQ(read->readings[0].running.value, 900);
  EXPECT_EQ(read->readings[1].status, CountStatus::not_permitted);
  EXPECT_EQ(read->readings[1].reason, "perf_event_paranoid is 4");
}

TEST(RankFile, OfALeaderTellsTheNodesPower) {
  RankFile file = test::rank_file(0);
  NodePower counted;
  counted.source = "hwmon", counted.channel = "power 1", counted.scope = "whole machine";
  counted.energy = Joules{123.456789}, counted.uncertainty = Joules{0.5};
  counted.mean = Watts{100}, counted.least = Watts{99.5}, counted.most = Watts{101};
  counted.readings = 12;
  NodePower none;
  none.reason = "no power source";
  NodePower left_to_run;
  left_to_run.by_run = true;
  file.power = {counted, none, left_to_run};
  const auto read = parse_rank_file(rank_file_text(file), kEvents, "f");
  ASSERT_TRUE(read) << one_line(read.error());
  EXPECT_EQ(read->power, file.power);
}

TEST(RankFile, OfALeaderTellsWhatTheNodesProcessesUsed) {
  RankFile file = test::rank_file(0);
  for (const NodeUse& use : {NodeUse{Seconds{12.25}, 64, ""}, NodeUse{Seconds{0}, 1, ""},
                             NodeUse{std::nullopt, 0, "/proc/stat: cannot be read"}}) {
    file.node_use = use;
    const auto read = parse_rank_file(rank_file_text(file), kEvents, "f");
    ASSERT_TRUE(read) << one_line(read.error());
    EXPECT_EQ(read->node_use, use);
  }
  file.node_use = std::nullopt;
  EXPECT_FALSE(parse_rank_file(rank_file_text(file), kEvents, "f")->node_use);
}

TEST(RankFile, OfPowerBelowZeroOrWithoutAChannelIsUnknown) {
  RankFile file = test::rank_file(0);
  file.power.resize(1);
  file.power[0].energy = Joules{-1};
  const auto read = parse_rank_file(rank_file_text(file), kEvents, "f");
  ASSERT_TRUE(read) << one_line(read.error());
  EXPECT_FALSE(read->power.at(0).energy);
  LineWriter lines("perfwatt-rank");
  lines.begin("rank");
  lines.number(0).number(1).number(-1).number(-1);
  lines.begin("power-source");
  lines.rest("of no channel");
  EXPECT_FALSE(parse_rank_file(lines.text(), kEvents, "f"));
}

TEST(RankFile, OfABeginHasNoEnd) {
  RankFile begun = test::rank_file(0);
  begun.elapsed = std::nullopt;
  begun.usage = std::nullopt;
  begun.readings.clear();
  begun.place.local_rank = begun.place.local_size = std::nullopt;
  begun.place.node = "";
  const auto read = parse_rank_file(rank_file_text(begun), kEvents, "f");
  ASSERT_TRUE(read) << one_line(read.error());
  EXPECT_EQ(read->place, begun.place);
  EXPECT_FALSE(read->elapsed);
  EXPECT_FALSE(read->usage);
}

TEST(RankFile, WithWhatNoLineCanHoldIsReadStill) {
  RankFile file = test::rank_file(0);
  file.place.node = "n\n1\xff\x1b[31m";
  const auto read = parse_rank_file(rank_file_text(file), kEvents, "f");
  ASSERT_TRUE(read) << one_line(read.error());
  EXPECT_EQ(read->place.node, "n1[31m");
}

TEST(RankFile, ThatIsCutShortOrChangedIsRefused) {
  const std::string whole = rank_file_text(test::rank_file(1));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_rank_file(whole.substr(0, size), kEvents, "f")) << size;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto read = parse_rank_file(changed, kEvents, "f");
    ASSERT_FALSE(read) << at;
    EXPECT_EQ(read.error().where, "f");
  }
}

std::string with_lines(std::initializer_list<std::string_view> lines) {
  LineWriter writer("perfwatt-rank");
  for (const std::string_view line : lines) writer.begin(line);
  return writer.text();
}

TEST(RankFile, OfForeignLinesIsRefused) {
  constexpr std::string_view rank = "rank 0 2 0 1";
  EXPECT_TRUE(parse_rank_file(with_lines({rank}), kEvents, "f"));
  for (const std::string_view bad :
       {"rank 0 2 0 1", "colour red", "reading 2 1 1 1 ok ", "reading 0 1 0 0 ok ", "reading 0 xyz 1 1 ok ",
        "reading 0 1 1 1 fine ", "reading 0 1 -1 1 not-counted ", "usage 1 2 3", "begin -1", "elapsed x",
        "usage 1 1 1 1 1 1 1 0 200", "begin 1 2", "node-use", "node-use 8", "node-use -1 5 ",
        "node-use 8 -2 ", "node-use 1000001 5 ", "node-use 8 1000000000000001 "})
    EXPECT_FALSE(parse_rank_file(with_lines({rank, bad}), kEvents, "f")) << bad;
  EXPECT_FALSE(parse_rank_file(with_lines({rank, "usage 1 1 1 1 1 1 1 0 0"}), kEvents, "f")) << "no elapsed";
  EXPECT_TRUE(parse_rank_file(with_lines({rank, "node-use 8 5 "}), kEvents, "f"));
  EXPECT_FALSE(parse_rank_file(with_lines({rank, "node-use 8 5 ", "node-use 8 5 "}), kEvents, "f"))
      << "twice";
  for (const std::string_view bad : {"rank 2 2 0 1", "rank -1 2 0 1", "rank 0", "node n1"})
    EXPECT_FALSE(parse_rank_file(with_lines({bad}), kEvents, "f")) << bad;
  EXPECT_FALSE(parse_rank_file(with_lines({}), kEvents, "f"));
  EXPECT_FALSE(parse_rank_file(std::string(2 << 20, 'x'), kEvents, "f"));
}

TEST(RankFile, OfAnotherVersionSaysSo) {
  std::string other = rank_file_text(test::rank_file(1));
  other.replace(0, other.find('\n'), "perfwatt-rank 2");
  const auto read = parse_rank_file(other, kEvents, "f");
  ASSERT_FALSE(read);
  EXPECT_THAT(one_line(read.error()), HasSubstr("the same perfwatt"));
}

}  // namespace
}  // namespace pw
