// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/share/price_fit.h"

#include <gtest/gtest.h>

#include <vector>

namespace pw {
namespace {

std::vector<UseOfServer> bins_of(int count) {
  std::vector<UseOfServer> bins;
  for (int i = 0; i < count; ++i) {
    UseOfServer bin;
    bin.ours = i % 4 < 2 ? 0.1 : 6;
    bin.neighbours = 1 + i % 3;
    bin.watts = 500 + 20 * bin.ours + 15 * bin.neighbours;
    bin.follows = i > 0;
    bins.push_back(bin);
  }
  return bins;
}

TEST(PriceFit, FindsWhatUnitsCost) {
  const auto price = fit_price(bins_of(24));
  ASSERT_TRUE(price);
  EXPECT_NEAR(price->idle.value, 500, 1e-6);
  EXPECT_NEAR(price->ours, 20, 1e-6);
  EXPECT_NEAR(price->neighbours, 15, 1e-6);
  EXPECT_EQ(price->freedom, 21);
  EXPECT_NEAR(price->half_width(), 0, 1e-6);
}

TEST(PriceFit, SeesErrorsThatFollowEachOther) {
  std::vector<UseOfServer> bins = bins_of(200);
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i].watts += i / 25 % 2 == 0 ? 10 : -10;
  const auto price = fit_price(bins);
  ASSERT_TRUE(price);
  EXPECT_GT(price->correlation, 0.8);
  EXPECT_NEAR(price->ours, 20, price->half_width());
}

TEST(PriceFit, SaysNothingOfUnitsThatDidNotChange) {
  std::vector<UseOfServer> bins = bins_of(24);
  for (UseOfServer& bin : bins) bin.ours = 3;
  EXPECT_FALSE(fit_price(bins));
}

TEST(PriceFit, SaysNothingWhereTheOthersDidAsWeDid) {
  std::vector<UseOfServer> bins = bins_of(24);
  for (UseOfServer& bin : bins) bin.neighbours = 2 * bin.ours;
  EXPECT_FALSE(fit_price(bins));
}

TEST(PriceFit, NeedsElevenBins) {
  EXPECT_FALSE(fit_price(bins_of(10)));
  EXPECT_TRUE(fit_price(bins_of(11)));
  EXPECT_FALSE(fit_price({}));
}

}  // namespace
}  // namespace pw
