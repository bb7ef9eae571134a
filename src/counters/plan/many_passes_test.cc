// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/many_passes.h"

#include <gtest/gtest.h>

#include <set>

namespace pw {
namespace {

void expect_each_once(const Sets& sets, int count) {
  std::multiset<int> items;
  for (const std::vector<int>& set : sets) items.insert(set.begin(), set.end());
  ASSERT_EQ(items.size(), static_cast<std::size_t>(count));
  for (int item = 0; item < count; ++item) EXPECT_EQ(items.count(item), 1U) << item;
}

// Items of the same remainder exclude each other, as events of one PMC do.
TEST(ManyPasses, ReachesTheBoundOfItemsThatExcludeEachOther) {
  const auto fits = [](const std::vector<int>& set) {
    std::set<int> places;
    for (const int item : set) places.insert(item % 7 < 4 ? 0 : item % 7);
    return places.size() == set.size();
  };
  const PassSearch found = search_many(70, fits);
  EXPECT_EQ(found.at_least, 40);
  EXPECT_EQ(found.sets.size(), 40U);
  expect_each_once(found.sets, 70);
}

TEST(ManyPasses, FillsWhereOnlyRoomIsShort) {
  const PassSearch found = search_many(41, [](const std::vector<int>& set) { return set.size() <= 4; });
  EXPECT_EQ(found.sets.size(), 11U);
  EXPECT_EQ(found.at_least, 1);
  expect_each_once(found.sets, 41);
}

TEST(ManyPasses, OneItemOneSet) {
  EXPECT_EQ(search_many(1, [](const auto&) { return true; }).sets, (Sets{{0}}));
}

}  // namespace
}  // namespace pw
