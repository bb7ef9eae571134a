// SPDX-License-Identifier: GPL-3.0-or-later
// Members and dates as in ibm-openbmc/dev#1815 and ibm-openbmc/bmcweb#328.
#include "power/redfish/history.h"

#include <gmock/gmock.h>

#include "power/redfish/test_service.h"

namespace pw {
namespace {

using test::at;

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Json metrics_with(const Json& items) { return {{"Oem", {{"IBM", {{"InputPowerHistoryItems", items}}}}}}; }

TEST(InputHistory, TheOldestFirstAndOnlyWhatHasADate) {
  const auto items = input_history(
      metrics_with({{{"Average", 187}, {"Date", "2022-07-18T15:41:16+00:00"}, {"Maximum", 190}},
                    {{"Average", nullptr}, {"Date", "2022-07-18T15:40:46+00:00"}, {"Maximum", nullptr}},
                    {{"Average", 186}, {"Maximum", 187}},
                    {{"Average", 185}, {"Date", "yesterday"}},
                    {{"Average", -3}, {"Date", "2022-07-18T15:40:16+00:00"}, {"Maximum", 1e300}},
                    5}));
  ASSERT_THAT(items, SizeIs(3));
  EXPECT_EQ(items[2].average, Watts{187});
  EXPECT_EQ(items[2].maximum, 190.0F);
  EXPECT_EQ(items[2].date.unix_s, 1658158876);
  EXPECT_FALSE(items[1].average);
  EXPECT_FALSE(items[0].average);
  EXPECT_EQ(items[0].maximum, 0.0F);
  for (const Json& none : {Json::object(), metrics_with(nullptr), metrics_with({{"Date", 1}})}) {
    EXPECT_FALSE(has_input_history(none));
    EXPECT_THAT(input_history(none), IsEmpty());
  }
  EXPECT_TRUE(has_input_history(metrics_with(Json::array())));
}

// The envelope is that of OpenBMC's old REST (ibm-openbmc/dev#2537), the values those of
// openbmc/openbmc#1734.
TEST(InputHistory, OfAnAC922IsPairsOfMillisecondsAndWatts) {
  const Json answer = {
      {"data", {{"Scale", 0}, {"Values", {{1658158876250, 187}, {1658158846250, nullptr}, {5}, 6}}}},
      {"status", "ok"}};
  ASSERT_TRUE(has_input_history(answer));
  const auto items = input_history(answer);
  ASSERT_THAT(items, SizeIs(2));
  EXPECT_NEAR(items[1].date.unix_s, 1658158876.25, 1e-3);
  EXPECT_EQ(items[1].average, Watts{187});
  EXPECT_FALSE(items[0].average);
}

// Two supplies; the service's clock is `kAhead` of ours.
constexpr double kAhead = 1'000'000;

class Histories : public testing::Test {
 protected:
  Histories() { clock_.told({kAhead, 1e-3}, at(0), at(0)); }
  // Bins that the service stamped at those times of ours.
  static std::vector<HistoryItem> items(const std::vector<std::pair<double, std::optional<double>>>& told) {
    std::vector<HistoryItem> made;
    for (const auto& [time, watts] : told) {
      HistoryItem item{{kAhead + time, 1e-3}, std::nullopt, 0};
      if (watts) item.average = Watts{*watts};
      made.push_back(item);
    }
    return made;
  }
  std::vector<PowerBin> take(std::size_t supply,
                             const std::vector<std::pair<double, std::optional<double>>>& told, double now) {
    return both_.take(supply, items(told), clock_, at(now));
  }
  // "END: WATTS" of the sums.
  std::vector<std::string> sums(double now) {
    std::vector<std::string> texts;
    for (const PowerBin& bin : both_.sums(at(now)))
      texts.push_back(std::to_string(static_cast<int>(to_seconds(bin.end).value + 1.5)) + ": " +
                      (bin.mean ? std::to_string(static_cast<int>(bin.mean->value)) : "none"));
    return texts;
  }
  ServiceClock clock_;
  SupplyHistories both_{2, at(100)};
};

TEST_F(Histories, EachBinIsTakenOnceAndNoneFromBefore) {
  EXPECT_THAT(take(0, {{70, 1}, {90, 2}, {120, 3}}, 125), SizeIs(1));
  EXPECT_THAT(take(0, {{90, 2}, {120, 3}}, 130), IsEmpty());
  const auto fresh = take(0, {{90, 2}, {120, 3}, {150, 4}}, 155);
  ASSERT_THAT(fresh, SizeIs(1));
  EXPECT_EQ(fresh[0].mean, Watts{4});
  EXPECT_EQ(fresh[0].stamp, kAhead + 150);
  // The end lies between when the BMC read it and 2 s before.
  EXPECT_NEAR(to_seconds(fresh[0].end).value, 149, 0.01);
  EXPECT_NEAR(to_seconds(fresh[0].doubt).value, 2, 0.01);
  EXPECT_EQ(fresh[0].end - fresh[0].begin, kHistoryBin);
  EXPECT_NEAR(to_seconds(*both_.latest(0)).value, 149, 0.01);
}

TEST_F(Histories, ASumIsOfAllSupplies) {
  take(0, {{120, 200}, {150, 220}}, 151);
  EXPECT_THAT(sums(151), IsEmpty());
  take(1, {{122, 100}}, 152);
  EXPECT_THAT(sums(152), ElementsAre("121: 300"));
  take(1, {{122, 100}, {152, 110}}, 153);
  EXPECT_THAT(sums(153), ElementsAre("151: 330"));
}

TEST_F(Histories, OneSupplyWithoutABinIsNoSum) {
  take(0, {{120, 200}, {150, 220}, {180, 220}}, 181);
  take(1, {{120, 100}, {180, 110}}, 181);
  EXPECT_THAT(sums(181), ElementsAre("120: 300", "150: none", "180: 330"));
  take(0, {{210, 220}}, 211);
  take(1, {{210, std::nullopt}}, 211);
  EXPECT_THAT(sums(211), ElementsAre("210: none"));
}

TEST_F(Histories, OneThatIsPulledIsNotWaitedForForEver) {
  take(0, {{120, 200}}, 121);
  take(1, {{120, 100}}, 121);
  EXPECT_THAT(sums(121), ElementsAre("120: 300"));
  take(0, {{150, 200}}, 151);
  EXPECT_THAT(sums(200), IsEmpty());
  EXPECT_THAT(sums(150 + 101), ElementsAre("150: none"));
}

TEST_F(Histories, UntilTheFirstSumNothingIsMissing) {
  take(0, {{103, 200}, {133, 200}}, 135);
  take(1, {{118.5, 100}, {148, 100}}, 150);
  EXPECT_THAT(sums(150), ElementsAre("126: 300"));
}

// Which bins were of which clock cannot be told from their dates.
TEST_F(Histories, AClockThatWasSetIsAGapAndCountsNothingTwice) {
  take(0, {{120, 200}}, 121);
  take(1, {{120, 100}}, 121);
  EXPECT_THAT(sums(121), ElementsAre("120: 300"));
  clock_.told({kAhead + 121 - 20, 1e-3}, at(121), at(121));  // it is 20 s behind what it was
  both_.clock_was_set();
  for (const std::size_t supply : {0U, 1U}) take(supply, {{120, 200}}, 122);
  EXPECT_THAT(sums(122), ElementsAre("135: none"));
  for (const std::size_t supply : {0U, 1U}) take(supply, {{120, 200}, {160 - 20, 300}}, 161);
  EXPECT_THAT(sums(161), ElementsAre("160: 600"));
}

TEST_F(Histories, WhatIsToComeIsNotOfThisClock) {
  EXPECT_THAT(take(0, {{120, 200}, {500, 200}, {1e12, 200}}, 121), SizeIs(1));
}

}  // namespace
}  // namespace pw
