// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/analysis.h"

namespace pw {

Analysis analyze(const Recording& recording, const AnalysisOptions& options) {
  Analysis analysis;
  analysis.run = analyze_run(recording, options.bootstrap);
  analysis.power = analyze_power(recording, options.lines);
  analysis.shares = partition_shares(recording, [](const Execution&) { return std::nullopt; });
  if (options.rows) analysis.summary = summary_rows(recording, analysis.run, analysis.power, analysis.shares);
  return analysis;
}

}  // namespace pw
