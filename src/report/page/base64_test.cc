// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page/base64.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace pw {
namespace {

std::string of_text(std::string_view text) { return base64(std::as_bytes(std::span(text))); }

TEST(Base64, IsThatOfRfc4648) {
  EXPECT_EQ(of_text(""), "");
  EXPECT_EQ(of_text("f"), "Zg==");
  EXPECT_EQ(of_text("fo"), "Zm8=");
  EXPECT_EQ(of_text("foo"), "Zm9v");
  EXPECT_EQ(of_text("foob"), "Zm9vYg==");
  EXPECT_EQ(of_text("fooba"), "Zm9vYmE=");
  EXPECT_EQ(of_text("foobar"), "Zm9vYmFy");
  EXPECT_EQ(of_text("\xff\xfe\xfb\xef\xbe"), "//77774=");
}

TEST(Base64, HoldsNumbersAsTypedArraysReadThem) {
  EXPECT_EQ(base64_of<std::int32_t>(std::vector<std::int32_t>{1, -1}), "AQAAAP////8=");
  EXPECT_EQ(base64_of<double>(std::vector<double>{1}), "AAAAAAAA8D8=");
}

}  // namespace
}  // namespace pw
