// SPDX-License-Identifier: GPL-3.0-or-later
// One quantity on two sides.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/compare/compare_input.h"
#include "analyze/compare/mean_difference.h"

namespace pw {

struct TwoSamples {
  std::vector<double> one, other;  // logarithms, where all values are positive
  bool logs = false;
  bool paired = false, any_time = false;
  std::size_t least() const { return std::min(one.size(), other.size()); }
};

// What is compared: tests, or of sessions the mean of each recording. Without `logs` the values as they are.
TwoSamples two_samples(const CompareInput& input, Basis basis);

struct SampleTest {
  double shift = 0;                    // of the logarithms, or of the values
  std::optional<Interval> ci95, ci90;  // of the shift
  double p = 1;
  bool may_claim = true;  // false: too few values for a row that was not named
  double deviation = 0;   // of a value; of pairs, of their difference
};

// Fewer values tell nothing: two, or what evidence that is looked at after every pair begins with.
std::size_t fewest(const TwoSamples& samples);

// Fewer values a side tell of rows named beforehand alone.
inline constexpr std::size_t kUnnamedFrom = 5;

// By ranks from 8 values a side on; of 5 to 7 by t where `named`, else by ranks; of fewer by t where `named`.
// By t alone on the means of sessions, and where sizes and deviations are both apart. Of pairs their
// differences; of those at any time paired_evidence() of them.
SampleTest test_samples(const TwoSamples& samples, bool named, Basis basis,
                        const std::optional<double>& session_sd);

// How many tests, pairs or recordings would tell the shift to ± `half_width`: by the deviation as it may be
// (80 %).
std::string values_needed(const SampleTest& test, std::size_t values, double half_width, Basis basis);

}  // namespace pw
