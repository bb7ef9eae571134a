// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "counters/plan/resolve.h"

namespace pw {

// A number of passes below which these events cannot be counted, and why: "3 events need PMC1".
struct FewestPossible {
  int passes = 1;
  std::string reason;
};

// What can be said of a group where more is known than whether it fits.
class GroupReasons {
 public:
  virtual ~GroupReasons() = default;
  // Why these do not fit together; "" where they do.
  virtual std::string why_not(std::span<const ResolvedEvent> group) const = 0;
  virtual FewestPossible fewest_possible(std::span<const ResolvedEvent> events) const = 0;
};

}  // namespace pw
