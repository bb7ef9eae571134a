// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/units.h"

namespace pw {

// Passes text on to a descriptor of others, and never waits until somebody reads it: what does not fit is
// kept, up to a limit, and then lost.
class Relay {
 public:
  // `fd` stays its owner's. `most` bytes are kept.
  explicit Relay(int fd, std::size_t most = kMost) : fd_(fd), most_(most) {}

  void pass(std::string_view text);

  // Passes on what is kept, as long as somebody reads some of it within `patience`, for half a minute at
  // most; what is left is lost.
  void finish(Nanoseconds patience);

  std::int64_t lost() const { return lost_; }  // bytes
  std::int64_t unread() const { return lost_ + static_cast<std::int64_t>(kept_.size()); }

  static constexpr std::size_t kMost = 8 << 20;

 private:
  bool takes_some(Nanoseconds patience);
  bool push(std::string_view& text);

  const int fd_;
  const std::size_t most_;
  std::string kept_;
  std::int64_t lost_ = 0;
  bool gone_ = false;  // nobody will ever read
};

}  // namespace pw
