// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/relay.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "os/pipe.h"

namespace pw {
namespace {

// All that waits in the pipe.
std::string taken(int fd) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 65536> buffer{};
  for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  return text;
}

TEST(Relay, PassesOnInOrder) {
  Pipe pipe = Pipe::open().value();
  Relay relay(pipe.in.fd());
  relay.pass("one ");
  relay.pass("two");
  relay.finish({});
  EXPECT_EQ(taken(pipe.out.fd()), "one two");
  EXPECT_EQ(relay.lost(), 0);
}

TEST(Relay, DoesNotWaitForAReaderAndLosesWhatIsTooMuch) {
  Pipe pipe = Pipe::open().value();
  Relay relay(pipe.in.fd(), 1000);
  const std::string text(200'000, 'x');
  relay.pass(text);
  const std::string first = taken(pipe.out.fd());
  EXPECT_GT(first.size(), 4096U);  // what a pipe holds
  EXPECT_EQ(relay.lost(), static_cast<std::int64_t>(text.size() - first.size() - 1000));
  relay.pass("y");
  EXPECT_EQ(taken(pipe.out.fd()), std::string(1000, 'x') + "y");
}

TEST(Relay, GivesUpAtTheEndWhereNobodyReads) {
  Pipe pipe = Pipe::open().value();
  Relay relay(pipe.in.fd());
  relay.pass(std::string(200'000, 'x'));
  EXPECT_EQ(relay.lost(), 0);
  EXPECT_GT(relay.unread(), 0);
  relay.finish({1'000'000});
  EXPECT_EQ(relay.lost(), static_cast<std::int64_t>(200'000 - taken(pipe.out.fd()).size()));
}

// What a reader gets of 500,000 bytes that takes what there is nine times, a quarter of a second apart.
std::size_t read_slowly() {
  Pipe pipe = Pipe::open().value();
  Relay relay(pipe.in.fd());
  relay.pass(std::string(500'000, 'x'));
  std::size_t read = 0;
  std::thread reader([&] {
    for (int i = 0; i < 9; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(250));
      read += taken(pipe.out.fd()).size();
    }
  });
  relay.finish({1'500'000'000});
  reader.join();
  EXPECT_EQ(read + static_cast<std::size_t>(relay.lost()), 500'000U);
  return read;
}

TEST(Relay, WaitsForASlowReaderAtTheEnd) {
  std::size_t read = 0;  // on a busy machine the reader may be too slow
  for (int i = 0; i < 5 && read < 500'000; ++i) read = read_slowly();
  EXPECT_EQ(read, 500'000U);
}

TEST(Relay, LosesAllOnceTheReaderIsGone) {
  const auto handler = ::signal(SIGPIPE, SIG_IGN);
  Pipe pipe = Pipe::open().value();
  pipe.out.close();
  Relay relay(pipe.in.fd());
  relay.pass("one");
  relay.pass("two");
  relay.finish({1'000'000'000});
  EXPECT_EQ(relay.lost(), 6);
  Relay closed(-1);
  closed.pass("three");
  closed.finish({});
  EXPECT_EQ(closed.lost(), 5);
  ::signal(SIGPIPE, handler);
}

}  // namespace
}  // namespace pw
