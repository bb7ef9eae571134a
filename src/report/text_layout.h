// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of terminal text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyze/statistics.h"

namespace pw {

// Columns that `text` takes: UTF-8 code points (wide characters count as one).
std::size_t columns(std::string_view text);

std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

// Words wrapped to `width`, later lines indented by `indent` blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

// "± 0.8 %" of the mean, "n = 1" where there is no interval, "" where the mean is 0.
std::string interval(const Statistics& statistics);

// Four significant digits with an SI prefix and a unit; whole numbers below 100,000 as they are.
std::string amount(double value, std::string_view unit);

}  // namespace pw
