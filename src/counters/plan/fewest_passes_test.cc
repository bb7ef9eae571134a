// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/fewest_passes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pw {
namespace {

TEST(FewestPasses, IsExactWhereFirstFitIsNot) {
  // Conflicts of a path a-b-c-d in an order that misleads first-fit: 0-3, 3-... as a crown graph on 6 items.
  const auto fits = [](const std::vector<int>& set) {
    for (const int a : set)
      for (const int b : set)
        if (a % 2 == 0 && b % 2 == 1 && a / 2 != b / 2) return false;
    return true;
  };
  EXPECT_EQ(fewest_passes(6, fits), (Sets{{0, 2, 4}, {1, 3, 5}}));
}

TEST(FewestPasses, FillsThemEvenly) {
  const auto fits = [](const std::vector<int>& set) {
    return set.size() <= 4 && !(std::ranges::count(set, 0) && std::ranges::count(set, 5));
  };
  EXPECT_EQ(fewest_passes(6, fits), (Sets{{0, 1, 2}, {3, 4, 5}}));
}

TEST(FewestPasses, HandlesConflictsOfThree) {
  const auto fits = [](const std::vector<int>& set) { return set.size() <= 2; };
  EXPECT_EQ(fewest_passes(5, fits).size(), 3U);
  EXPECT_EQ(fewest_passes(20, fits).size(), 10U);
  EXPECT_TRUE(fewest_passes(0, fits).empty());
}

}  // namespace
}  // namespace pw
