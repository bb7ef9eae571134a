// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of terminal text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyze/statistics/statistics.h"
#include "base/text_width.h"

namespace pw {

std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

// Words wrapped to `width`, later lines indented by `indent` blanks; the first line is taken to start there
// too. A word longer than a line is broken.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

// The first `length` columns of `text`, the last of them '…' where something was cut off.
std::string shortened(std::string_view text, std::size_t length);

// "± 0.80 %" of the mean, "" where there is no interval.
std::string interval(const Statistics& statistics);

// Four significant digits with an SI prefix and a unit; whole numbers below 100,000 as they are; seconds
// without prefix from 1 on.
std::string amount(double value, std::string_view unit);

// "12.3 %", "0.031 %"; "" of nothing. 1: all of it.
std::string percent(const std::optional<double>& share);

// "1 test", "3 tests".
std::string plural(std::size_t count, std::string_view noun);

}  // namespace pw
