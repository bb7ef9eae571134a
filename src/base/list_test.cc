// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/list.h"

#include <gtest/gtest.h>

#include <string>

namespace pw {
namespace {

TEST(List, IsNumbersAndRanges) {
  EXPECT_EQ(parse_list("0-2,8\n"), (std::vector<int>{0, 1, 2, 8}));
  EXPECT_EQ(parse_list("8,0-1"), (std::vector<int>{8, 0, 1}));
  EXPECT_EQ(parse_list(" 3 - 4 , 7 "), (std::vector<int>{3, 4, 7}));
  EXPECT_EQ(parse_list("5-5,5"), (std::vector<int>{5, 5}));
  EXPECT_EQ(parse_list("007"), (std::vector<int>{7}));
}

TEST(List, RefusesWhatIsNone) {
  for (const char* wrong : {"",   " ", ",",  "0,",  ",0",    "0,,1", "a",    "0a",  "0x1", "+1",
                            "-1", "-", "0-", "3-1", "0-1-2", "0--1", "0--0", "1.5", "0;1", "0 1"})
    EXPECT_FALSE(parse_list(wrong)) << wrong;
}

// A POWER10 of 16 sockets has 1920 hardware threads: more than CPU_SETSIZE.
TEST(List, GoesBeyondTheCpusOfACpuSet) {
  EXPECT_EQ(parse_list("1023-1024,1919"), (std::vector<int>{1023, 1024, 1919}));
  EXPECT_EQ(parse_list("0-65535")->size(), 65536U);
}

TEST(List, RefusesWhatNoMachineHas) {
  for (const char* much : {"65536", "0-65536", "0-99999999999", "99999999999999999999",
                           "18446744073709551616-18446744073709551617", "0-65535,1"})
    EXPECT_FALSE(parse_list(much)) << much;
}

TEST(ListText, IsReadBack) {
  for (const char* text : {"0", "0-3", "0-3,8", "1,3,5-6"}) EXPECT_EQ(list_text(*parse_list(text)), text);
  EXPECT_EQ(list_text({}), "");
}

}  // namespace
}  // namespace pw
