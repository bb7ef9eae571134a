// SPDX-License-Identifier: GPL-3.0-or-later
// What the text pages of this room share.
#pragma once

#include <optional>
#include <string>

#include "analyze/compare/clock_or_code.h"
#include "report/text/page.h"

namespace pw {

inline constexpr std::size_t kCompareLabel = 30, kCompareNumber = 12;

// A ratio and its interval, in columns of their own; "-" where it is unknown.
std::string ratio_columns(const std::optional<double>& ratio, const std::optional<Interval>& ci95);

void add_clock(Page& page, const ClockOrCode& clock);

}  // namespace pw
