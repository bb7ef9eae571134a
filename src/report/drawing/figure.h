// SPDX-License-Identifier: GPL-3.0-or-later
// A figure as text: a gnuplot script and the data that it reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyze/analysis.h"
#include "model/recording.h"
#include "os/files/file_name.h"
#include "report/drawing/gnuplot.h"
#include "report/drawing/heading.h"

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
  bool keeps_name = false;    // others of that name get a number
  std::string absent = {};    // why there is nothing to draw: it is named instead
  int height = kUsualHeight;  // of 1000 in width
};

// What a figure is drawn from.
struct FigureInput {
  const Recording& recording;
  const Analysis& analysis;  // of that recording, with lines
};

// A figure that has nothing to show, with the reason.
Figure absent_figure(std::string name, std::string why);

// What values up to `most` are divided by, and the words for that: "thousands", or a unit with a prefix.
struct FigureScale {
  double factor;
  std::string words;
};
FigureScale scale_of(double most, std::string_view unit);

// `name`, or `instead` where it is too long to stand along an axis: the title has it.
std::string axis_name(std::string_view name, std::string_view instead);

// "set yrange [...]" from 0, or from what lies below, to `top`; a line at 0 where it is not the bottom.
std::string y_range(double least, double top);

}  // namespace pw
