// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/region_requests.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pw {
namespace {

constexpr std::uint64_t kStamp = 77;

class Requests : public testing::Test {
 protected:
  Requests()
      : requests_(RegionRequests::make(kStamp, [this](pid_t thread) {
          opened_.push_back(thread);
          auto counter = std::make_shared<Descriptor>(::dup(0));
          return ThreadCounting{{{counter->fd(), {0}}}, counter, 0};
        })) {}

  // As mark/ask.c does. The end that an answer comes to.
  Descriptor ask(const void* text, std::size_t size, bool with_socket = true) const {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    Descriptor ours(ends[0]), theirs(ends[1]);
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    iovec data = {const_cast<void*>(text), size};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    if (with_socket) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      cmsghdr* const rights = CMSG_FIRSTHDR(&message);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(rights), &ends[1], sizeof(int));
    }
    EXPECT_EQ(::sendmsg(requests_->theirs(), &message, 0), static_cast<ssize_t>(size));
    return ours;
  }

  // Nothing: there is no answer, and none can come.
  static std::optional<int> answer_at(const Descriptor& socket) {
    pw_answer answer{};
    const ssize_t got = ::recv(socket.fd(), &answer, sizeof answer, MSG_DONTWAIT);
    return got == sizeof answer ? std::optional(answer.error) : std::nullopt;
  }

  std::vector<pid_t> opened_;
  std::optional<RegionRequests> requests_;
};

TEST_F(Requests, AThreadOfWhoAsksIsCounted) {
  ASSERT_TRUE(requests_);
  const pw_ask right{kStamp, ::gettid(), 0};
  const Descriptor socket = ask(&right, sizeof right);
  requests_->serve();
  EXPECT_EQ(answer_at(socket), 0);
  EXPECT_THAT(opened_, testing::ElementsAre(::gettid()));
}

TEST_F(Requests, AThreadOfAnotherProcessIsNot) {
  ASSERT_TRUE(requests_);
  for (const pid_t thread : {1, 0, -1, 1 << 30}) {
    const pw_ask other{kStamp, thread, 0};
    const Descriptor socket = ask(&other, sizeof other);
    requests_->serve();
    EXPECT_EQ(answer_at(socket), ESRCH) << thread;
  }
  EXPECT_TRUE(opened_.empty());
}

TEST_F(Requests, WhatIsNoRequestGetsNoAnswer) {
  ASSERT_TRUE(requests_);
  const pw_ask right{kStamp, ::gettid(), 0}, stale{kStamp + 1, ::gettid(), 0};
  const std::array<char, 100> large{};
  const Descriptor sockets[] = {ask(&stale, sizeof stale), ask(&right, sizeof right - 1),
                                ask(large.data(), large.size()), ask("", 0)};
  ask(&right, sizeof right, false);
  requests_->serve();
  for (const Descriptor& socket : sockets) EXPECT_FALSE(answer_at(socket));
  EXPECT_TRUE(opened_.empty());
}

TEST_F(Requests, WhoAsksAndIsGoneDisturbsNobody) {
  ASSERT_TRUE(requests_);
  const pw_ask right{kStamp, ::gettid(), 0};
  for (int i = 0; i < 300; ++i) {
    ask(&right, sizeof right);
    requests_->serve();
  }
  EXPECT_EQ(opened_.size(), 300u);
}

}  // namespace
}  // namespace pw
