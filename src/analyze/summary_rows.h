// SPDX-License-Identifier: GPL-3.0-or-later
// Every figure of a summary as a row of one table: summary.csv, and the same in other formats.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analyze/power/power_analysis.h"
#include "analyze/run_analysis.h"
#include "analyze/share/share.h"
#include "model/recording.h"

namespace pw {

// What is unknown is nothing. Of a figure that is one number (an idle level, a ratio) `mean` is it.
struct SummaryRow {
  std::string variant;   // "": there is one
  std::string quantity;  // docs/recording.md lists them
  std::string unit;      // "" for a count or a ratio
  std::optional<int> n;  // tests; of an idle level readings
  std::optional<double> mean, ci95_low, ci95_high, median, least, most, deviation;
  std::optional<double> cv;     // deviation / mean
  std::optional<int> outliers;  // nothing below kLeastForOutliers tests: not looked for
  std::string status{kOk};      // "scaled", or why there is no value: "not-supported", "no-data", ...
  std::string reason;           // why there is no value, or what makes it doubtful
};

std::vector<SummaryRow> summary_rows(const Recording& recording, const RunAnalysis& run,
                                     const PowerAnalysis& power, std::span<const PartitionShare> shares);

}  // namespace pw
