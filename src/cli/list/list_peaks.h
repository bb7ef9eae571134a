// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace pw {

struct PeakChoice {
  bool measure = false;  // now, and keeps it
  bool json = false;
};

// What this machine can do at most, each with `pattern` in its name, and how it was measured; or that it was
// not, and what measures it. The exit status.
int list_peaks(const std::string& pattern, const PeakChoice& choice);

}  // namespace pw
