// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "inference/ground/test_floats.h"

namespace pw::inference {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

Histogram histogram_of(const std::vector<float>& values) {
  Histogram histogram;
  histogram.add(values);
  return histogram;
}

TEST(Scales, TheLargestNumberIsTheLargestStep) {
  EXPECT_FLOAT_EQ(scale_of(6.0F, kMostU8), 6.0F / 255);
  EXPECT_FLOAT_EQ(scale_of(6.0F, kMostS8), 6.0F / 127);
  EXPECT_EQ(scale_of(0, kMostU8), 1.0F);  // nothing but zeros
  EXPECT_EQ(scale_of(std::numeric_limits<float>::denorm_min(), kMostU8), 1.0F);
  EXPECT_EQ(scale_of(std::nanf(""), kMostU8), 1.0F);
  EXPECT_EQ(scale_of(std::numeric_limits<float>::infinity(), kMostU8), 1.0F);
}

TEST(Scales, EachChannelOfWeightsHasItsOwn) {
  const std::vector<float> weights = {1, -2, 0.5F, 127, 0, 0};
  EXPECT_THAT(channel_scales(weights, 3), ElementsAre(FloatEq(2.0F / 127), FloatEq(1.0F), FloatEq(1.0F)));
  EXPECT_THAT(channel_scales({}, 0), ElementsAre());
}

TEST(Histogram, CountsMagnitudesAndGrows) {
  Histogram histogram = histogram_of({0.5F, -0.25F, 0, 1});
  EXPECT_TRUE(histogram.negative());
  EXPECT_EQ(histogram.largest(), 1.0F);
  histogram.add(std::vector<float>{1000, 0.001F});
  EXPECT_EQ(histogram.largest(), 1000.0F);
  EXPECT_EQ(histogram.width(), 0.25);  // 4096 of them reach 1024
  EXPECT_EQ(histogram.bins()[0], 1U);
  EXPECT_EQ(histogram.bins()[1], 1U);
  EXPECT_EQ(histogram.bins()[2], 1U);
  EXPECT_EQ(histogram.bins()[4], 1U);
  EXPECT_EQ(histogram.bins()[4000], 1U);
}

TEST(Histogram, TakesWhatIsNotFiniteForNothing) {
  const float infinity = std::numeric_limits<float>::infinity();
  const Histogram histogram = histogram_of({std::nanf(""), infinity, -infinity, 2});
  EXPECT_EQ(histogram.largest(), 2.0F);
  EXPECT_FALSE(histogram.negative());
  EXPECT_EQ(histogram_of({}).largest(), 0.0F);
  EXPECT_EQ(histogram_of({0, 0}).bins().size(), 0U);
  EXPECT_EQ(histogram_of({std::numeric_limits<float>::max()}).largest(), std::numeric_limits<float>::max());
  EXPECT_GT(histogram_of({std::numeric_limits<float>::denorm_min()}).largest(), 0);
}

TEST(ClipLimit, ClipsNothingWhereNumbersAreSpread) {
  std::vector<float> spread(10000);
  for (std::size_t i = 0; i < spread.size(); ++i) spread[i] = static_cast<float>(i + 1) / 10000;
  EXPECT_NEAR(clip_limit(histogram_of(spread), kMostU8), 1.0F, 0.01F);
}

TEST(ClipLimit, AnOutlierIsClippedAsFarAsThatPays) {
  std::vector<float> spread = test::some_floats(100000);
  spread.push_back(4.0F);
  // The least of 100000 (x / 127)^2 / 12 + (4 - x)^2.
  EXPECT_NEAR(clip_limit(histogram_of(spread), kMostS8), 4 / (1 + 100000 / (127.0 * 127 * 12)), 0.01);
  spread.assign(1000, 8.0F);  // no outlier: all there is
  EXPECT_NEAR(clip_limit(histogram_of(spread), kMostU8), 8.0F, 0.01);
}

TEST(ClipLimit, HasTheLeastErrorOfAll) {
  // Magnitudes of a bell: the error of each limit, straight from the definition.
  std::vector<float> bell;
  for (int i = 1; i < 2000; ++i) bell.push_back(std::sqrt(-2.0F * std::log(static_cast<float>(i) / 2000)));
  const auto error = [&bell](float limit, int most) {
    double sum = 0;
    const double step = limit / static_cast<float>(most);
    for (const float x : bell) {
      const double stored = std::min<double>(std::round(x / step), most) * step;
      sum += (x - stored) * (x - stored);
    }
    return sum;
  };
  constexpr int kFew = 15;
  const float best = clip_limit(histogram_of(bell), kFew);
  EXPECT_LT(best, 3.8F);  // some are clipped
  for (float limit = 1; limit < 3.9F; limit += 0.1F)
    EXPECT_LE(error(best, kFew), 1.03 * error(limit, kFew)) << limit;  // rounding is not quite s^2/12
}

TEST(ClipLimit, OfNothingIsNothing) {
  EXPECT_EQ(clip_limit(Histogram(), kMostU8), 0.0F);
  EXPECT_EQ(clip_limit(histogram_of({0}), kMostU8), 0.0F);
}

}  // namespace
}  // namespace pw::inference
