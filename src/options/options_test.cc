// SPDX-License-Identifier: GPL-3.0-or-later
#include "options/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "options/report.h"

namespace pw {
namespace {

using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStderr;
using testing::internal::GetCapturedStdout;

struct Parsed {
  std::optional<int> status;
  std::string out, err;
  double count = 0;
};

Parsed parse(std::vector<std::string> words) {
  CLI::App app("Does something", "perfwatt do");
  Parsed parsed;
  add_number(app, "-n,--count", parsed.count, "N", {1, 10, true}, "how often");
  words.insert(words.begin(), "do");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  CaptureStdout();
  CaptureStderr();
  parsed.status = parse_options(app, static_cast<int>(argv.size()), argv.data(), " -- COMMAND");
  parsed.out = GetCapturedStdout();
  parsed.err = GetCapturedStderr();
  return parsed;
}

TEST(ParseOptions, GoesOnWhereAllIsUnderstood) {
  const Parsed parsed = parse({"-n", "3"});
  EXPECT_EQ(parsed.status, std::nullopt);
  EXPECT_EQ(parsed.count, 3);
  EXPECT_EQ(parsed.out + parsed.err, "");
}

TEST(ParseOptions, HelpGoesToStdout) {
  const Parsed parsed = parse({"--help"});
  EXPECT_EQ(parsed.status, 0);
  EXPECT_THAT(parsed.out, HasSubstr("Usage: perfwatt do [options] -- COMMAND\n"));
  EXPECT_THAT(parsed.out, HasSubstr("-n,--count N"));
  EXPECT_EQ(parsed.err, "");
}

TEST(ParseOptions, AnErrorIsOneLineWithWhatWasMeant) {
  const Parsed parsed = parse({"--cuont", "3"});
  EXPECT_EQ(parsed.status, 2);
  EXPECT_THAT(parsed.err, HasSubstr("did you mean '--count'?"));
  EXPECT_EQ(parsed.err.find('\n'), parsed.err.size() - 1);
  EXPECT_EQ(parsed.out, "");
  EXPECT_THAT(parse({"--xyzzy"}).err, HasSubstr("perfwatt do --help shows what there is"));
}

TEST(ParseOptions, ANumberIsWithinItsRange) {
  for (const char* wrong : {"0", "11", "2.5", "x", "nan"}) {
    const Parsed parsed = parse({"-n", wrong});
    EXPECT_EQ(parsed.status, 2) << wrong;
    EXPECT_THAT(parsed.err, HasSubstr("is not a whole number from 1 to 10")) << wrong;
  }
}

TEST(Report, IsOneLineWithoutControlCharacters) {
  CaptureStderr();
  EXPECT_EQ(report_error({Failure::not_possible, "no\nway", "--x", "go\x1b[2J"}), 3);
  note("a\tb");
  warn("c");
  EXPECT_EQ(GetCapturedStderr(), "perfwatt: --x: no way; go [2J\nperfwatt: a b\nperfwatt: warning: c\n");
}

}  // namespace
}  // namespace pw
