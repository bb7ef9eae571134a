// SPDX-License-Identifier: GPL-3.0-or-later
// What every script of gnuplot is written with.
#pragma once

#include <string>
#include <string_view>

namespace pw {

// Blue, vermillion, green, and greys: told apart by the colour-blind too (Okabe and Ito). In grey they are
// alike: markers, dashes and hatches tell what is what.
inline constexpr std::string_view kBlue = "#0072b2";
inline constexpr std::string_view kPaleBlue = "#8ebfe0";
inline constexpr std::string_view kPaleOrange = "#f5d3bf";
inline constexpr std::string_view kOrange = "#d55e00";
inline constexpr std::string_view kGreen = "#009e73";
inline constexpr std::string_view kGrey = "#5a5a5a";

// `text` as a gnuplot string in which nothing is expanded: printable, in single quotes. A single quote
// becomes ’, since gnuplot 5.4 misreads a doubled one at the start of a string.
std::string gnuplot_quoted(std::string_view text);

// A number that gnuplot divides as it is meant: 7 / 2 is 3 to it.
std::string gnuplot_real(double value);

}  // namespace pw
