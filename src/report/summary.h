// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

struct TextStyle {
  bool colour = false;
  int width = 100;       // columns
  bool verbose = false;  // with the spread of every value
};

// What a recording says, for a terminal: time, counters, metrics, power and energy, captures, what could not
// be measured and why. Text of the recording comes without control characters.
std::string summary(const Recording& recording, const PowerAnalysis& power, const TextStyle& style);

}  // namespace pw
