// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "analyze/analysis.h"
#include "model/recording.h"
#include "report/text/page.h"

namespace pw {

// What a recording says, for a terminal: time, counters, metrics, power and energy, captures, what could not
// be measured and why. Text of the recording comes without control characters.
std::string summary(const Recording& recording, const Analysis& analysis, const TextStyle& style);

// Of one that failed: "timed out", or its exit status in words.
std::string how_it_failed(const Execution& execution);

}  // namespace pw
