// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/output/scanner.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <utility>

namespace pw {
namespace {

using testing::HasSubstr;

CapturePatterns patterns(const std::vector<std::string>& texts) {
  std::vector<Capture> captures;
  for (const std::string& text : texts) captures.push_back({std::to_string(captures.size()), text});
  return CapturePatterns::compile(captures).value();
}

// A pipe whose reading end does not wait; a large one, where that may be had, for fewer turns.
class OutputPipe {
 public:
  OutputPipe() {
    EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends_[0], F_SETPIPE_SZ, 1 << 20);
  }
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;
  ~OutputPipe() {
    close_reader();
    close();
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void write(std::string_view text) const {
    ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close() { ::close(std::exchange(ends_[1], -1)); }
  void close_reader() { ::close(std::exchange(ends_[0], -1)); }

 private:
  std::array<int, 2> ends_{};
};

// Scans `text` written in pieces of `size` bytes, each read before the next.
void scan(OutputScanner& scanner, std::string_view text, std::size_t size) {
  OutputPipe pipe;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
    pipe.write(text.substr(0, size));
    EXPECT_TRUE(scanner.read_from(pipe.reader()));
  }
  pipe.close();
  EXPECT_FALSE(scanner.read_from(pipe.reader()));
  scanner.finish();
}

TEST(OutputScanner, CapturesAcrossEveryEdgeOfWhatIsRead) {
  const CapturePatterns accuracy = patterns({"ACC: ([0-9.]+)", "(never)", "^END(.*)$"});
  const std::string text = "Begin\nACC: 0.5\nfiller\nACC: 0.875\nEND of it";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    OutputScanner scanner(accuracy, false);
    scan(scanner, text, size);
    EXPECT_EQ(scanner.captures()[0], "0.875");  // of the last line that matches
    EXPECT_EQ(scanner.captures()[1], std::nullopt);
    EXPECT_EQ(scanner.captures()[2], " of it");  // of a last line without end
    EXPECT_EQ(scanner.kept(), text);
    EXPECT_EQ(scanner.bytes(), static_cast<std::int64_t>(text.size()));
  }
}

TEST(OutputScanner, TakesZeroBytesAndWhatIsNoUtf8) {
  using namespace std::string_literals;
  const std::string text = "a\0b: 7\n\xff\xfe: 8\n\xc3\nc: 9\0\n"s;
  const CapturePatterns bytes = patterns({"b: (\\d)", "c: (\\d)", "(\xc3\xa9)"});
  OutputScanner scanner(bytes, false);
  scan(scanner, text, 4096);
  EXPECT_EQ(scanner.captures()[0], "7");
  EXPECT_EQ(scanner.captures()[1], "9");
  EXPECT_EQ(scanner.captures()[2], std::nullopt);
  EXPECT_EQ(scanner.kept(), text);
}

TEST(OutputScanner, KeepsTheLastPartFromTheStartOfALine) {
  std::string text;
  for (int i = 0; text.size() < 300'000; ++i) text += "line " + std::to_string(i) + "\n";
  for (const std::size_t size : {std::size_t{1000}, std::size_t{65536}}) {
    const CapturePatterns looked_for = patterns({});
    OutputScanner scanner(looked_for, false);
    scan(scanner, text, size);
    EXPECT_LE(scanner.kept().size(), OutputScanner::kKeptBytes);
    EXPECT_GT(scanner.kept().size(), OutputScanner::kKeptBytes - 20);
    EXPECT_TRUE(scanner.kept().starts_with("line "));
    EXPECT_TRUE(text.ends_with(scanner.kept()));
    EXPECT_EQ(scanner.bytes(), static_cast<std::int64_t>(text.size()));
  }
}

TEST(OutputScanner, KeepsTheLastPartOfALineWithoutEnd) {
  const CapturePatterns looked_for = patterns({});
  OutputScanner scanner(looked_for, false);
  const std::string text(200'000, 'x');
  scan(scanner, text, 50'000);
  EXPECT_EQ(scanner.kept().size(), OutputScanner::kKeptBytes);
}

TEST(OutputScanner, ComesBackFromWhoWritesWithoutEnd) {
  OutputPipe pipe;
  std::thread endless([&] {
    const std::string block(65536, 'y');
    while (::write(pipe.writer(), block.data(), block.size()) > 0) continue;
  });
  const CapturePatterns looked_for = patterns({});
  OutputScanner scanner(looked_for, false);
  while (scanner.bytes() < 10 << 20) {
    const std::int64_t before = scanner.bytes();
    EXPECT_TRUE(scanner.read_from(pipe.reader()));
    EXPECT_LE(scanner.bytes() - before, (2 << 20) + 65536);
  }
  ::signal(SIGPIPE, SIG_IGN);
  pipe.close_reader();
  endless.join();
}

std::int64_t largest_resident_kb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// A line of 300 bytes and, once, one of 16 MiB; the last line has what is looked for.
void write_gigabyte(int fd) {
  std::string block;
  while (block.size() < 1 << 20) block += std::string(299, 'z') + "\n";
  std::int64_t left = 1'000'000'000;
  for (int i = 0; left > 0; ++i) {
    if (i >= 100 && i < 116) std::ranges::replace(block, '\n', ' ');
    const ssize_t written = ::write(
        fd, block.data(),
        static_cast<std::size_t>(std::min<std::int64_t>(left, static_cast<std::int64_t>(block.size()))));
    if (written < 0) return;
    left -= written;
    if (i == 116)
      for (std::size_t at = 299; at < block.size(); at += 300) block[at] = '\n';
  }
  (void)!::write(fd, "\nTHE END: 42\n", 13);
}

TEST(OutputScanner, TakesAGigabyteInLittleMemory) {
  OutputPipe pipe;
  const std::int64_t before = largest_resident_kb();
  std::thread writer([&] {
    write_gigabyte(pipe.writer());
    pipe.close();
  });
  const CapturePatterns end = patterns({"^THE END: (\\d+)$"});
  OutputScanner scanner(end, false);
  pollfd readable = {pipe.reader(), POLLIN, 0};
  do ::poll(&readable, 1, -1);
  while (scanner.read_from(pipe.reader()));
  writer.join();
  scanner.finish();
  EXPECT_EQ(scanner.bytes(), 1'000'000'013);
  EXPECT_EQ(scanner.captures()[0], "42");
  EXPECT_TRUE(scanner.kept().ends_with("\nTHE END: 42\n"));
  EXPECT_LT(largest_resident_kb() - before, 32 * 1024);
}

TEST(OutputScanner, ShowsWhatItReads) {
  testing::internal::CaptureStderr();
  const CapturePatterns looked_for = patterns({});
  OutputScanner scanner(looked_for, true);
  scan(scanner, "to be seen\n", 4);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "to be seen\n");
}

std::string capture_refusal(const std::string& pattern) {
  const auto compiled = CapturePatterns::compile({{"acc", pattern}});
  if (compiled) return "compiled";
  EXPECT_EQ(compiled.error().kind, Failure::input);
  return one_line(compiled.error());
}

TEST(CapturePatterns, RefuseWhatCannotMatch) {
  EXPECT_THAT(capture_refusal("acc ([0-9"), HasSubstr("not a regular expression"));
  EXPECT_THAT(capture_refusal("acc [0-9]"), HasSubstr("no group"));
}

TEST(Captures, HaveNamesOfTheirOwn) {
  const auto two = parse_captures({"acc=ACC=(.*)", "n=(\\d)"});
  ASSERT_TRUE(two);
  EXPECT_EQ(two->front().name, "acc");
  EXPECT_EQ(two->front().pattern, "ACC=(.*)");
  for (const char* text : {"acc", "=x", "a\tb=x"}) {
    const auto refused = parse_captures({text});
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().kind, Failure::input);
  }
  EXPECT_THAT(one_line(parse_captures({"a=x", "a=y"}).error()), HasSubstr("two captures"));
}

}  // namespace
}  // namespace pw
