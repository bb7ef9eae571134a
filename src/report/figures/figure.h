// SPDX-License-Identifier: GPL-3.0-or-later
// A figure as text: a gnuplot script and the data that it reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyze/analysis.h"
#include "model/recording.h"

namespace pw {

// A CSV file with a heading. The script knows it by the variable that its place in Figure::data gives it:
// file1, file2, ...
struct FigureData {
  std::string suffix;  // after the figure's name: "", "-tests"
  std::string text;
};

struct Figure {
  std::string name;    // of its files, without suffix: [a-z0-9-], not longer than kMostName
  std::string script;  // after the common beginning (terminal, output, fonts, file1, ...)
  std::vector<FigureData> data;
  bool keeps_name = false;  // others of that name get a number
};

inline constexpr std::size_t kMostName = 60;

// What a figure is drawn from.
struct FigureInput {
  const Recording& recording;
  const Analysis& analysis;  // of that recording, with lines
};

// Blue, vermillion, green, and greys: told apart by the colour-blind too (Okabe and Ito).
inline constexpr std::string_view kBlue = "#0072b2";
inline constexpr std::string_view kPaleBlue = "#8ebfe0";
inline constexpr std::string_view kOrange = "#d55e00";
inline constexpr std::string_view kGreen = "#009e73";
inline constexpr std::string_view kGrey = "#5a5a5a";

// `text` as a gnuplot string in which nothing is expanded: printable, in single quotes. A single quote
// becomes ’, since gnuplot 5.4 misreads a doubled one at the start of a string.
std::string gnuplot_quoted(std::string_view text);

// "cpu/x_y/" -> "cpu-x-y": a file name out of what a stranger may have written.
std::string file_name(std::string_view text);

// Title, subtitle, and under the figure what ran and on what.
std::string heading(const Recording& recording, std::string_view title, std::string_view subtitle);

// A figure that says why it has no data.
Figure message_figure(const Recording& recording, std::string name, std::string_view title,
                      std::string_view message);

}  // namespace pw
