// SPDX-License-Identifier: GPL-3.0-or-later
// Tests that stand apart from the others, and trends over the tests, in words. docs/method.md has the rules.
#pragma once

#include <string>
#include <vector>

#include "analyze/named_series.h"

namespace pw {

// Indices into the series' tests: outliers that are at least 1 % away from the median.
std::vector<std::size_t> odd_values(const Series& series);

// What else stood apart in that test: involuntary context switches, migrations, major faults, frequency,
// throttling. Nothing: the cause is unknown.
std::vector<std::string> likely_causes(const Recording& recording, int test);

// "test 7 stands apart: elapsed +35.2 %; likely cause: ..." for each odd test.
std::vector<std::string> odd_tests(const Recording& recording);

// A sentence where the values rise or fall over the tests (Mann-Kendall at 1 %), by 1 % in all at least.
std::vector<std::string> trends(const Recording& recording);

}  // namespace pw
