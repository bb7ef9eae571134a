// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers and mean powers of tests over a picture of power: as many as fit.
#pragma once

#include <map>
#include <string>

namespace pw {

// Where the executions of a test stand, and the mean over those that count.
struct TestSpan {
  double begin, end;  // s
  double watts = 0;
  int count = 0;
};

// By test, 0 for the warm-ups; `whole`: s, of the picture.
std::string test_labels(const std::map<int, TestSpan>& spans, double whole);

}  // namespace pw
