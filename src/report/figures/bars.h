// SPDX-License-Identifier: GPL-3.0-or-later
// A chart with one bar per test, their mean and its 95 % interval.
#pragma once

#include <string>
#include <string_view>

#include "analyze/series/measurand.h"
#include "model/recording.h"
#include "report/drawing/figure.h"

namespace pw {

struct Bars {
  std::string name, title, subtitle;
  const Measurand& measured;  // that has a value
};

Figure bar_figure(const Recording& recording, const Bars& bars);

// What such charts share: the tests of the experiment on x, of which failed ones leave their place empty; as
// layers of a plot, the values as text, turned where there are many, left out where there are more, and lines
// from value - off to value + off.
int last_test(const Recording& recording, const Series& series);
std::string test_axes(int last, const std::string& y_label);
std::string value_labels(const std::string& data, int last);
double label_headroom(int last);  // of the highest bar, where they stand above
std::string upright_errors(std::string_view value, std::string_view off, std::string_view title);

}  // namespace pw
