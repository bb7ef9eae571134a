// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/read_slab.h"

#include <gmock/gmock.h>

#include <cstring>

#include "regions/losses.h"
#include "regions/region_gatherer.h"
#include "regions/test_slab.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Changes a record of the slab that begins at `offset`.
template <class Record, class Change>
void change_record(std::string& slab, std::uint32_t offset, const Change& change) {
  Record record;
  std::memcpy(&record, slab.data() + offset, sizeof record);
  change(record);
  std::memcpy(slab.data() + offset, &record, sizeof record);
}

template <class Record>
Record record_at(const std::string& slab, std::uint32_t offset) {
  Record record;
  std::memcpy(&record, slab.data() + offset, sizeof record);
  return record;
}

pw_thread thread_in(const std::string& slab) {
  const auto head = record_at<pw_head>(slab, 0);
  return record_at<pw_thread>(slab, record_at<pw_process>(slab, head.processes).threads);
}

void change_last_node(std::string& slab, void (*change)(pw_node&)) {
  change_record<pw_node>(slab, thread_in(slab).nodes, change);
}

TEST(ReadSlab, TellsWhatWasMarked) {
  const SlabContent content = read_slab(test::slab_with_marks());
  ASSERT_EQ(content.threads.size(), 1u);
  const MarkedThread& thread = content.threads[0];
  ASSERT_EQ(thread.paths.size(), 4u);
  EXPECT_EQ(thread.paths[0].name, "outer");
  EXPECT_EQ(thread.paths[0].parent, -1);
  EXPECT_EQ(thread.paths[1].name, "a");
  EXPECT_EQ(thread.paths[1].parent, 0);
  EXPECT_EQ(thread.paths[1].calls, 2);
  EXPECT_EQ(thread.paths[1].items, 4);
  EXPECT_EQ(thread.paths[1].drawn.size(), 2u);
  std::vector<int> order;
  for (const LoggedOccurrence& one : thread.log) order.push_back(one.path);
  EXPECT_THAT(order, ElementsAre(1, 2, 1, 0));
  EXPECT_FALSE(thread.complete_until);
  EXPECT_EQ(thread.paths[2].calls, 1);
  EXPECT_EQ(thread.paths[0].total - thread.paths[0].own, thread.paths[1].total + thread.paths[2].total);
  EXPECT_EQ(thread.paths[3].calls, 0);
  EXPECT_EQ(thread.open.name, "open");
  EXPECT_EQ(thread.lost[PW_LOST_OPEN], 1u);
  EXPECT_EQ(content.damaged, 0u);
}

// More than there is room for: the first ones in the order of time, and some of the later ones.
TEST(ReadSlab, KeepsAllInOrderWhileThereIsRoom) {
  constexpr std::int64_t kCalls = 1'500'000;
  std::string slab;
  {
    const test::MarkingHere marking;
    ASSERT_TRUE(marking.on());
    for (std::int64_t i = 0; i < kCalls; ++i) {
      perfwatt_region_begin("a");
      perfwatt_region_end("a");
    }
    slab = marking.content();
  }
  const SlabContent content = read_slab(slab);
  ASSERT_EQ(content.threads.size(), 1u);
  const MarkedThread& thread = content.threads[0];
  EXPECT_EQ(thread.paths.at(0).calls, kCalls);
  EXPECT_GT(thread.log.size(), std::size_t{PW_LOG_BYTES / sizeof(pw_entry) / 100 * 99});
  EXPECT_LT(thread.log.size(), std::size_t{PW_LOG_BYTES / sizeof(pw_entry)});
  ASSERT_TRUE(thread.complete_until);
  EXPECT_LE(thread.log.back().occurrence.end, *thread.complete_until);
  EXPECT_EQ(content.damaged, 0u);

  Execution execution;
  std::vector<std::string> remarks;
  RegionGatherer().gather(slab, {}, execution, remarks);
  const ExecutionRegions& regions = *execution.regions;
  ASSERT_EQ(regions.threads.size(), 1u);
  const auto complete =
      static_cast<std::size_t>(std::ranges::count_if(regions.log, [&](const RegionOccurrence& one) {
        return one.end < *regions.threads[0].complete_until;
      }));
  EXPECT_GT(complete, 262'000u);
  EXPECT_LE(complete, 262'144u);
  EXPECT_LE(regions.log.size() - complete, PW_MOST_LOGGED);
  EXPECT_EQ(regions.threads[0].dropped, kCalls - static_cast<std::int64_t>(regions.log.size()));
}

TEST(ReadSlab, RefusesAnotherLayout) {
  std::string slab = test::slab_with_marks();
  change_record<pw_head>(slab, 0, [](pw_head& head) { ++head.version; });
  const SlabContent content = read_slab(slab);
  EXPECT_TRUE(content.other_version);
  EXPECT_TRUE(content.threads.empty());
  EXPECT_EQ(losses_of(content).at(0).kind, "version");
  EXPECT_TRUE(read_slab("").threads.empty());
  EXPECT_TRUE(read_slab(std::string(100, '\0')).threads.empty());
}

// A node whose counts would be beyond the slab.
TEST(ReadSlab, CountsThatCannotBeThereAreDamage) {
  std::string slab = test::slab_with_marks();
  change_last_node(slab, [](pw_node& node) { node.counts = PW_SLAB_BYTES - PW_SLAB_UNIT; });
  const SlabContent content = read_slab(slab, {3});
  EXPECT_EQ(content.damaged, 1u);
  EXPECT_EQ(content.threads.at(0).paths.size(), 4u);
  EXPECT_EQ(content.threads.at(0).paths.back().counts.counted, 0);
}

TEST(ReadSlab, EndsWhereAListGoesInACircle) {
  std::string slab = test::slab_with_marks();
  const pw_thread thread = thread_in(slab);
  change_record<pw_node>(slab, thread.nodes, [&](pw_node& node) { node.next = thread.nodes; });
  const SlabContent content = read_slab(slab);
  EXPECT_EQ(content.damaged, 1u);
  EXPECT_EQ(content.threads.at(0).paths.size(), 1u);
}

TEST(ReadSlab, LeavesOutWhatCannotBe) {
  constexpr void (*kChanges[])(pw_node&) = {[](pw_node& node) { node.calls = ~std::uint64_t{0}; },
                                            [](pw_node& node) { node.own_ns = node.total_ns + 1; },
                                            [](pw_node& node) { node.items = 1e300 * 1e300; },
                                            [](pw_node& node) { node.items = __builtin_nan(""); },
                                            [](pw_node& node) { node.logged = PW_MOST_LOGGED + 1; },
                                            [](pw_node& node) { node.parent = 64; },
                                            [](pw_node& node) { node.parent = 0xffffffc0; }};
  for (const auto change : kChanges) {
    std::string slab = test::slab_with_marks();
    change_last_node(slab, change);
    const SlabContent content = read_slab(slab);
    EXPECT_EQ(content.damaged, 1u);
    EXPECT_EQ(content.threads.at(0).paths.size(), 3u);
  }
}

TEST(ReadSlab, KeepsAPathWhoseNameOrLogIsDamaged) {
  std::string slab = test::slab_with_marks();
  change_last_node(slab, [](pw_node& node) {
    node.name = 0xfffffff0;
    node.logged = 3;
    node.few = 1;
  });
  const SlabContent content = read_slab(slab);
  EXPECT_EQ(content.damaged, 3u);
  EXPECT_EQ(content.threads.at(0).paths.back().name, "");
  EXPECT_THAT(content.threads.at(0).paths.back().drawn, IsEmpty());
}

TEST(ReadSlab, SurvivesEveryCutAndEveryWord) {
  const std::string whole = test::slab_with_marks();
  for (std::size_t size = 0; size < whole.size(); size += 37)
    read_slab(std::string_view(whole).substr(0, size));
  for (std::size_t at = 0; at + 4 <= whole.size(); at += 4)
    for (const std::uint32_t word : {0U, 64U, 0xffffffffU, 0x7fffffffU, static_cast<std::uint32_t>(at)}) {
      std::string slab = whole;
      std::memcpy(slab.data() + at, &word, sizeof word);
      for (const MarkedThread& thread : read_slab(slab).threads)
        for (std::size_t i = 0; i < thread.paths.size(); ++i)
          ASSERT_LT(thread.paths[i].parent, static_cast<int>(i));
    }
}

TEST(RegionGatherer, KnowsARegionAgainAndTellsALossOnce) {
  RegionGatherer gatherer;
  Execution first, second;
  std::vector<std::string> remarks;
  const std::vector<Region> fresh = gatherer.gather(test::slab_with_marks(), {}, first, remarks);
  EXPECT_THAT(fresh, ElementsAre(Region{-1, "outer", 1, "marks"}, Region{0, "a", 1, "marks"},
                                 Region{0, "b", 1, "marks"}, Region{-1, "open", 1, "marks"}));
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_THAT(remarks[0],
              HasSubstr("1 region was not ended when their thread was, which was in 'open': in no total"));
  EXPECT_THAT(gatherer.gather(test::slab_with_marks(), {}, second, remarks), IsEmpty());
  EXPECT_EQ(remarks.size(), 1u);
  ASSERT_TRUE(first.regions && second.regions);
  EXPECT_EQ(second.regions->totals.size(), 3u);
  EXPECT_EQ(second.regions->totals[1].region, 1);
  EXPECT_EQ(second.regions->log.size(), 4u);
  EXPECT_EQ(second.regions->threads[0].dropped, 0);
  Execution nothing;
  EXPECT_THAT(gatherer.gather("", {}, nothing, remarks), IsEmpty());
  EXPECT_FALSE(nothing.regions);
}

}  // namespace
}  // namespace pw
