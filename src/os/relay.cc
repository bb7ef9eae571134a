// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/relay.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/clock.h"

namespace pw {
namespace {

constexpr Nanoseconds kLongest{10'000'000'000};  // that a slow reader holds us up

}  // namespace

// Whether a write of PIPE_BUF bytes would not wait.
bool Relay::takes_some(Nanoseconds patience) {
  pollfd ready = {fd_, POLLOUT, 0};
  const bool some = ::poll(&ready, 1, static_cast<int>(patience.value / 1'000'000)) > 0;
  gone_ = fd_ < 0 || (some && (ready.revents & (POLLERR | POLLNVAL)) != 0);
  return some && !gone_;
}

// Whether all of it went.
bool Relay::push(std::string_view& text) {
  while (!text.empty() && !gone_ && takes_some({})) {
    const ssize_t written = ::write(fd_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno == EAGAIN)
      break;
    else if (errno != EINTR)
      gone_ = true;
  }
  return text.empty();
}

void Relay::pass(std::string_view text) {
  std::string_view kept = kept_;
  const bool all = push(kept);
  kept_.erase(0, kept_.size() - kept.size());
  if (all && push(text)) return;
  const std::size_t room = gone_ ? 0 : most_ - std::min(most_, kept_.size());
  kept_ += text.substr(0, room);
  lost_ += static_cast<std::int64_t>(text.size() - std::min(text.size(), room));
}

void Relay::finish(Nanoseconds patience) {
  std::string_view kept = kept_;
  const Nanoseconds end = monotonic_now() + kLongest;
  while (!push(kept) && !gone_ && monotonic_now() < end && takes_some(patience)) {
  }
  lost_ += static_cast<std::int64_t>(kept.size());
  kept_.clear();
}

}  // namespace pw
