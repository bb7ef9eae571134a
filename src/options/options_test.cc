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
  int whole = 0;
  std::string name, list, kind, word, out_file;
  bool force = false;
};

constexpr ForeignOption kElsewhere[] = {{"-r --repeat", "here it is -n"}};

Parsed parse(std::vector<std::string> words) {
  CLI::App app("Does something", "perfwatt do");
  Parsed parsed;
  add_number(app, "-n,--count", parsed.count, "N", {1, 10, true}, "how often");
  add_whole_number(app, "--whole", parsed.whole, "N", 1024, "how many");
  add_text(app, "--out", parsed.out_file, "FILE", "a file")->check(no_dash());
  add_text(app, "-o,--name", parsed.name, "NAME", "a name");
  add_list(app, "-e,--list", parsed.list, "LIST", "a list");
  add_text(app, "--kind", parsed.kind, "KIND", "of what kind")->check(one_of({"svg", "png"}));
  app.add_flag("-f,--force", parsed.force, "do it");
  app.add_option("WORD", parsed.word, "a word");
  words.insert(words.begin(), "do");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  CaptureStdout();
  CaptureStderr();
  parsed.status = parse_options(app, static_cast<int>(argv.size()), argv.data(), " -- COMMAND", kElsewhere);
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
  EXPECT_THAT(parsed.out, HasSubstr("Usage: perfwatt do [options] [WORD] -- COMMAND\n"));
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

TEST(ParseOptions, AnEmptyValueIsAMistake) {
  using Words = std::vector<std::string>;
  for (const Words& words : {Words{"--name", ""},
                             {"--name="},
                             {"-o", ""},
                             {"-e", ""},
                             {"-e", "a", "--list="},
                             {"--kind", ""},
                             {"-n", ""},
                             {"--force="},
                             {""},
                             {"--", ""}}) {
    const Parsed parsed = parse(words);
    EXPECT_EQ(parsed.status, 2) << words.front();
    EXPECT_THAT(parsed.err, HasSubstr("empty")) << words.front();
    EXPECT_EQ(parsed.err.find('\n'), parsed.err.size() - 1);
  }
  EXPECT_THAT(parse({"--name="}).err,
              HasSubstr("--name: its value is empty; write --name NAME, or leave it out"));
}

TEST(ParseOptions, AMissingValueIsAMistake) {
  EXPECT_THAT(parse({"--name"}).err, HasSubstr("--name: its value is missing; write --name NAME"));
  EXPECT_EQ(parse({"-fo"}).status, 2);
}

TEST(ParseOptions, OneValueIsGivenOnceAndListsAdd) {
  EXPECT_THAT(parse({"-n", "1", "--count=2"}).err, HasSubstr("--count: it is given twice"));
  EXPECT_EQ(parse({"-o", "a", "-ob"}).status, 2);
  EXPECT_EQ(parse({"-e", "a,b", "--list=c"}).list, "a,b,c");
  EXPECT_TRUE(parse({"-f", "--force"}).force);
}

TEST(ParseOptions, AValueMayLookLikeAnOption) {
  EXPECT_EQ(parse({"-o", "-"}).name, "-");
  EXPECT_EQ(parse({"--name", "-f"}).name, "-f");
}

TEST(ParseOptions, NumbersAreSpeltAlike) {
  for (const char* ten : {"10", "1e1", "10.0", "+10", "0xa", "010", "1'0", " 10", "10 "}) {
    const Parsed number = parse({"-n", ten}), whole = parse({"--whole", ten});
    EXPECT_EQ(number.status, whole.status) << ten;
    if (!whole.status) {
      EXPECT_EQ(whole.whole, number.count) << ten;
    }
  }
  EXPECT_EQ(parse({"--whole", "1e1"}).whole, 10);
  for (const char* wrong : {"0", "1e4", "1.5", "-1", "nan", "1e300", "x"})
    EXPECT_THAT(parse({"--whole", wrong}).err,
                HasSubstr(std::string("--whole: '") + wrong + "' is not a whole number from 1 to 1024"));
}

TEST(ParseOptions, WhatCannotGoToStdoutIsNotCalledDash) {
  const Parsed parsed = parse({"--out", "-"});
  EXPECT_EQ(parsed.status, 2);
  EXPECT_THAT(parsed.err, HasSubstr("--out: '-' is not stdout here"));
  EXPECT_EQ(parse({"--out", "./-"}).out_file, "./-");
}

TEST(ParseOptions, OptionsOfOtherToolsGetOurs) {
  for (const char* word : {"-r", "-r5", "--repeat", "--repeat=5"}) {
    EXPECT_EQ(parse({word}).status, 2);
    EXPECT_THAT(parse({word}).err, HasSubstr("here it is -n\n")) << word;
  }
  EXPECT_THAT(parse({"-z"}).err, HasSubstr("there is no option -z"));
}

TEST(ParseOptions, AWordOutOfAFewGetsTheNearest) {
  EXPECT_EQ(parse({"--kind", "png"}).kind, "png");
  EXPECT_THAT(parse({"--kind", "svgg"}).err,
              HasSubstr("'svgg' is not one of svg, png; did you mean 'svg'?\n"));
}

TEST(ReadWords, FindsWhereACommandBegins) {
  CLI::App app("Does something", "perfwatt do");
  double count = 0;
  bool force = false;
  add_number(app, "-n,--count", count, "N", {1, 10, true}, "how often");
  app.add_flag("-f", force, "do it");
  const auto begins = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "do");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    return read_words(app, static_cast<int>(argv.size()), argv.data(), true).first_operand;
  };
  EXPECT_EQ(begins({"sleep", "1"}), 1);
  EXPECT_EQ(begins({"-n", "3", "./job", "--flag"}), 3);
  EXPECT_EQ(begins({"-n3", "-f", "./job"}), 3);
  EXPECT_EQ(begins({"-fn", "3", "./job"}), 3);
  EXPECT_EQ(begins({"--count=3", "--", "-job"}), 3);
  EXPECT_EQ(begins({"sh", "--", "x"}), 1);
  EXPECT_EQ(begins({"-n", "--", "job"}), 3);
  EXPECT_EQ(begins({"-f"}), 2);
  EXPECT_EQ(begins({}), 1);
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
