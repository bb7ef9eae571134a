// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that an output may say of a recording, computed once: text, figures and exports choose and lay
// out.
#pragma once

#include <vector>

#include "analyze/power/power_analysis.h"
#include "analyze/run_analysis.h"
#include "analyze/share/share.h"
#include "analyze/summary_rows.h"
#include "model/recording.h"

namespace pw {

// Of the recording it holds names alone: its vectors go by the indices of the recording it was made of, which
// stands beside it wherever it is laid out.
struct Analysis {
  RunAnalysis run;
  PowerAnalysis power;
  std::vector<PartitionShare> shares;  // where a source tells what the partition used of its server
  std::vector<SummaryRow> summary;     // the figures of both as rows
};

struct AnalysisOptions {
  bool bootstrap = false;  // its intervals, too: milliseconds for each measurand
  bool lines = false;      // power over time, as a picture shows it
  bool rows = true;        // Analysis::summary
};

Analysis analyze(const Recording& recording, const AnalysisOptions& options = {});

}  // namespace pw
