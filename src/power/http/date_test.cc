// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/date.h"

#include <gtest/gtest.h>

namespace pw {
namespace {

TEST(ToldTimes, HttpDates) {
  ASSERT_TRUE(http_date("Sun, 06 Nov 1994 08:49:37 GMT"));
  EXPECT_EQ(http_date("Sun, 06 Nov 1994 08:49:37 GMT")->unix_s, 784111777);
  EXPECT_EQ(http_date("Thu, 01 Jan 1970 00:00:00 GMT")->step, 1);
  for (const char* text :
       {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nvo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:3x GMT"})
    EXPECT_FALSE(http_date(text)) << text;
}

TEST(ToldTimes, IsoDates) {
  for (const char* text : {"2022-07-18T15:41:16+00:00", "2022-07-18T15:41:16Z", "2022-07-18T17:41:16+02:00",
                           "2022-07-18T11:11:16-0430"}) {
    ASSERT_TRUE(iso_date(text)) << text;
    EXPECT_EQ(iso_date(text)->unix_s, 1658158876) << text;
    EXPECT_EQ(iso_date(text)->step, 1);
  }
  const auto fine = iso_date("2022-07-18T15:41:16.250+00:00");
  ASSERT_TRUE(fine);
  EXPECT_NEAR(fine->unix_s, 1658158876.25, 1e-6);
  EXPECT_NEAR(fine->step, 0.001, 1e-12);
  for (const char* text : {"", "2022-07-18", "2022-07-18T15:41:16", "2022-07-18T15:41:16.+00:00",
                           "2022-13-18T15:41:16Z", "2022-07-32T15:41:16Z", "2022-07-18T15:61:16Z",
                           "2022-07-18T15:41:16+25:00", "2022-07-18T15:41:16+0x:00", "2022-07-18 15:41:16Z",
                           "2022-07-18T15:41:16.1234567890Z", "Null", "1658158876"})
    EXPECT_FALSE(iso_date(text)) << text;
}

}  // namespace
}  // namespace pw
