// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/reading_sums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::HasSubstr;

Reading counted(int event, std::uint64_t value, std::int64_t enabled, std::int64_t running) {
  const Nanoseconds e{enabled}, r{running};
  return {event, value, e, r, status_of(e, r), ""};
}

TEST(ReadingSums, SumValuesAndTimes) {
  ReadingSums sums;
  sums.add(counted(3, 10, 100, 100));
  sums.add(counted(4, 1, 100, 100));
  sums.add(counted(3, 5, 50, 50));
  const std::vector<Reading> readings = sums.readings();
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(readings[0].value, 15U);
  EXPECT_EQ(readings[0].status, CountStatus::ok);
  EXPECT_EQ(scaled_value(readings[0]), 15.0);
}

TEST(ReadingSums, OfOneThatTookTurnsAreScaled) {
  ReadingSums sums;
  sums.add(counted(0, 10, 100, 100));
  sums.add(counted(0, 20, 100, 50));
  EXPECT_EQ(sums.readings()[0].status, CountStatus::scaled);
  EXPECT_EQ(scaled_value(sums.readings()[0]), 30.0 * 200 / 150);
  sums.add(counted(0, 0, 100, 0));  // never ran there
  EXPECT_EQ(scaled_value(sums.readings()[0]), 30.0 * 300 / 150);
  sums.add(counted(0, 0, 0, 0));  // slept all the time
  EXPECT_EQ(scaled_value(sums.readings()[0]), 30.0 * 300 / 150);
}

TEST(ReadingSums, AreNoneWhereAPartIsMissing) {
  ReadingSums sums;
  sums.add_failed(0, "it could not be opened: why");
  EXPECT_EQ(sums.readings()[0].reason, "it could not be opened: why");
  sums.add(counted(0, 7, 10, 10));
  EXPECT_EQ(sums.readings()[0].status, CountStatus::not_counted);
  EXPECT_EQ(sums.readings()[0].reason,
            "only 1 of 2 threads or CPUs were counted: it could not be opened: why");
  EXPECT_FALSE(scaled_value(sums.readings()[0]));
}

TEST(ReadingSums, LackNothingOfWhatHadEnded) {
  ReadingSums sums;
  sums.add_failed(0, "it could not be opened: No such process", true);
  EXPECT_EQ(sums.readings()[0].status, CountStatus::not_counted);
  EXPECT_THAT(sums.readings()[0].reason, HasSubstr("No such process"));
  sums.add(counted(0, 7, 10, 10));
  EXPECT_EQ(sums.readings()[0].status, CountStatus::ok);
  EXPECT_EQ(sums.readings()[0].value, 7U);
  sums.add_failed(0, "it could not be read: why");
  EXPECT_THAT(sums.readings()[0].reason,
              HasSubstr("only 1 of 2 threads or CPUs were counted: it could not be read"));
}

TEST(ReadingSums, KeepWhatIsMissingWhenTheyAreAdded) {
  ReadingSums good, lacking, gone;
  good.add(counted(0, 7, 10, 10));
  lacking.add_failed(0, "why");
  gone.add_failed(0, "gone", true);
  ReadingSums all;
  for (const ReadingSums* const one : {&gone, &good, &good}) all.add(*one);
  EXPECT_EQ(all.readings()[0].status, CountStatus::ok);
  EXPECT_EQ(all.readings()[0].value, 14U);
  all.add(lacking);
  EXPECT_EQ(all.readings()[0].reason, "only 2 of 3 threads or CPUs were counted: why");
}

}  // namespace
}  // namespace pw
