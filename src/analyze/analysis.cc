// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/analysis.h"

namespace pw {

Analysis analyze(const Recording& recording, const AnalysisOptions& options) {
  Analysis analysis;
  analysis.run = analyze_run(recording, options.bootstrap);
  analysis.power = analyze_power(recording, options.lines);
  if (options.rows) analysis.summary = summary_rows(recording, analysis.run, analysis.power);
  return analysis;
}

}  // namespace pw
