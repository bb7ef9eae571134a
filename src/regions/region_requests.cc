// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/region_requests.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace pw {
namespace {

constexpr int kAtOnce = 64;            // before anything else is looked at
constexpr std::size_t kMostSent = 16;  // descriptors that somebody may send

struct Request {
  pw_ask ask{};
  pid_t process = 0;
  Descriptor answer_to;
  bool sound = false;
};

// What came besides is closed.
void take_control(const cmsghdr& one, Request& request) {
  if (one.cmsg_level != SOL_SOCKET) return;
  if (one.cmsg_type == SCM_CREDENTIALS) {
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(&one), sizeof sender);
    request.process = sender.pid;
  }
  if (one.cmsg_type != SCM_RIGHTS) return;
  const std::size_t came = (one.cmsg_len - CMSG_LEN(0)) / sizeof(int);
  for (std::size_t i = 0; i < came; ++i) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(&one) + i * sizeof fd, sizeof fd);
    request.answer_to = Descriptor(fd);
  }
}

// Nothing: nobody asks.
std::optional<Request> next_request(int socket) {
  Request request;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int) * kMostSent)>
      control{};
  iovec data = {&request.ask, sizeof request.ask};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) return std::nullopt;
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one; one = CMSG_NXTHDR(&message, one))
    take_control(*one, request);
  request.sound = got == static_cast<ssize_t>(sizeof request.ask) && (message.msg_flags & MSG_TRUNC) == 0;
  return request;
}

bool is_thread_of(pid_t thread, pid_t process) {
  return process > 0 && thread > 0 &&
         ::access(fmt::format("/proc/{}/task/{}", process, thread).c_str(), F_OK) == 0;
}

void answer(int socket, const ThreadCounting& counting) {
  pw_answer text{counting.error, 0};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * PW_MOST_GROUPS)> control{};
  iovec data = {&text, sizeof text};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  const std::size_t count = std::min<std::size_t>(counting.groups.size(), PW_MOST_GROUPS);
  if (count > 0) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
    for (std::size_t i = 0; i < count; ++i)
      std::memcpy(CMSG_DATA(rights) + i * sizeof(int), &counting.groups[i].fd, sizeof(int));
  }
  (void)!::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

std::optional<RegionRequests> RegionRequests::make(std::uint64_t stamp, Open open) {
  int ends[2];
  const int on = 1;
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
  Descriptor ours(ends[0]), theirs(ends[1]);
  if (::setsockopt(ours.fd(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) return std::nullopt;
  return RegionRequests(std::move(ours), std::move(theirs), stamp, std::move(open));
}

// What asks for something else gets no answer: its end is closed.
bool RegionRequests::serve_one() {
  const std::optional<Request> request = next_request(ours_.fd());
  if (!request) return false;
  if (!request->sound || !request->answer_to || request->ask.stamp != stamp_ || left_ == 0) return true;
  --left_;
  ThreadCounting counting{{}, nullptr, ESRCH};
  if (is_thread_of(request->ask.tid, request->process)) counting = open_(request->ask.tid);
  answer(request->answer_to.fd(), counting);
  keep(request->process, request->ask.tid, std::move(counting));
  return true;
}

void RegionRequests::keep(pid_t process, pid_t thread, ThreadCounting counting) {
  if (kept_.size() >= look_at_) {
    std::erase_if(kept_, [](const Kept& one) { return !is_thread_of(one.thread, one.process); });
    look_at_ = std::max<std::size_t>(64, 2 * kept_.size());
  }
  if (counting.keeps) kept_.push_back({process, thread, std::move(counting)});
}

void RegionRequests::serve() {
  for (int i = 0; i < kAtOnce && serve_one(); ++i) continue;
}

}  // namespace pw
