// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace pw {

// One thing looked at: what was found and, where something is missing, the command that would allow it and
// its undo, or who can switch it on.
struct CheckResult {
  bool works = false;
  std::string found;
  std::string allow = {};
  std::string undo = {};
};

}  // namespace pw
