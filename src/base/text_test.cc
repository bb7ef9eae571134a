// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <gtest/gtest.h>

#include "base/result.h"
#include "base/units.h"

namespace pw {
namespace {

TEST(Text, SplitsAndJoins) {
  EXPECT_EQ(split("a,b,,c", ','), (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(join(std::vector<std::string>{"a", "b"}, ", "), "a, b");
  EXPECT_EQ(trim("  x y\n"), "x y");
  EXPECT_EQ(trim(" \t"), "");
}

TEST(Text, PrintableLetsNoControlCharacterThrough) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\nc\x7f"), "a [2Jb  c ");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            " 31m");
  EXPECT_EQ(printable("µ € 𝄞"), "µ € 𝄞");
  EXPECT_EQ(printable("\xff\xc0\xaf\xed\xa0\x80"), "??????");
  EXPECT_EQ(printable("cut \xe2\x82"), "cut ??");
}

// U+202E turns what follows around, U+200B is a space of no width, U+E0041 a letter that is not seen.
TEST(Text, PrintableLetsNothingThroughThatIsNotSeen) {
  for (const char* unseen : {"\u202a", "\u202e", "\u2066", "\u2069", "\u200b", "\u200e", "\u200f", "\u2028",
                             "\u2060", "\u061c", "\u00ad", "\ufeff", "\ufff9", "\u180e", "\U000e0041"})
    EXPECT_EQ(printable("a" + std::string(unseen) + "b"), "a b");
  EXPECT_EQ(printable("é \u2009 \u202f \u2070 \u0628 \U0001f600"),
            "é \u2009 \u202f \u2070 \u0628 \U0001f600");
}

TEST(Text, KnowsUtf8) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("µ € 𝄞\n"));
  EXPECT_FALSE(is_utf8("a\xff"));
  EXPECT_FALSE(is_utf8("cut \xe2\x82"));
}

TEST(Text, NumbersAreWholeOrNothing) {
  EXPECT_EQ(parse_number("1.5"), 1.5);
  EXPECT_EQ(parse_number("1.5s"), std::nullopt);
  EXPECT_EQ(parse_number(""), std::nullopt);
  EXPECT_EQ(parse_number("inf"), std::nullopt);
  EXPECT_EQ(parse_integer("-12"), -12);
  EXPECT_EQ(parse_integer("12 "), std::nullopt);
  EXPECT_EQ(parse_integer("99999999999999999999"), std::nullopt);
  EXPECT_EQ(parse_hex("1E054"), 0x1e054U);
  EXPECT_EQ(parse_hex("ffffffffffffffff"), ~std::uint64_t{0});
  for (const char* wrong : {"", "0x1", "-1", "1 ", "g", "10000000000000000"})
    EXPECT_EQ(parse_hex(wrong), std::nullopt) << wrong;
}

TEST(Text, SuggestsWhatWasMeant) {
  const std::vector<std::string> names = {"cycles", "instructions", "branches", "branch-misses"};
  EXPECT_EQ(did_you_mean("cycels", names), "did you mean 'cycles'?");
  EXPECT_EQ(did_you_mean("branch-mises", names), "did you mean 'branch-misses'?");
  EXPECT_EQ(did_you_mean("CYCLES", names), "did you mean 'cycles'?");
  EXPECT_EQ(did_you_mean("xyzzy", names), "");
  EXPECT_EQ(did_you_mean(std::string(1'000'000, 'c'), names), "");
}

TEST(Text, FormatsNumbers) {
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(grouped(-123456), "-123,456");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(si(1.2345e9, 4), "1.234 G");
  EXPECT_EQ(si(999999.99, 4), "1 M");
  EXPECT_EQ(si(0.0125, 3), "12.5 m");
  EXPECT_EQ(si(-2500, 3), "-2.5 k");
  EXPECT_EQ(exact_number(0.1), "0.1");
}

TEST(Text, QuotesCsvAndShell) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
  EXPECT_EQ(shell_quoted("a-b/c"), "a-b/c");
  EXPECT_EQ(shell_quoted("it's $x"), "'it'\\''s $x'");
  EXPECT_EQ(shell_quoted(""), "''");
}

TEST(Result, OneLineHasWhereWhatAndHint) {
  EXPECT_EQ(one_line({Failure::input, "no such\nevent", "-e", "try 'cycles'"}),
            "-e: no such event; try 'cycles'");
  EXPECT_EQ(one_line({Failure::input, "bad", "", ""}), "bad");
}

TEST(Units, MultiplyToJoules) {
  EXPECT_EQ((Watts{100} * Seconds{2}).value, 200);
  EXPECT_EQ((Joules{200} / Seconds{2}).value, 100);
  EXPECT_EQ(to_seconds(Nanoseconds{1'500'000'000}).value, 1.5);
}

}  // namespace
}  // namespace pw
