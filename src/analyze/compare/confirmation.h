// SPDX-License-Identifier: GPL-3.0-or-later
// Measured again before it fails: what was over a limit, and whether it is so in a new recording, too.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyze/compare/limits.h"
#include "base/result.h"

namespace pw {

struct ConfirmedLimit {
  BrokenLimit first;
  bool confirmed = false;
  std::string again;  // what the new recording says
};

struct Confirmation {
  std::string command, recording;
  std::string failure;  // why nothing is known; "": it is
  std::vector<ConfirmedLimit> limits;
};

// Each limit of `broken` in `again`, the comparison of the new recording alone. Errors (input): the new
// recording is not of what `first` compared.
Result<std::vector<ConfirmedLimit>> confirmed_limits(std::span<const BrokenLimit> broken,
                                                     std::span<const Comparison> first,
                                                     std::span<const Comparison> again, bool strict);

bool any_confirmed(const Confirmation& confirmation);

}  // namespace pw
