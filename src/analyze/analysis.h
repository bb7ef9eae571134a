// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that an output may say of a recording, computed once: text, figures and exports choose and lay
// out.
#pragma once

#include <vector>

#include "analyze/findings/findings.h"
#include "analyze/power/power_analysis.h"
#include "analyze/ranks/rank_analysis.h"
#include "analyze/regions/region_analysis.h"
#include "analyze/run_analysis.h"
#include "analyze/series/variant_views.h"
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
  RegionAnalysis regions;
  RankAnalysis ranks;                    // of a job
  std::vector<FindingOutcome> findings;  // of every rule
  std::vector<SummaryRow> summary;       // the figures of both as rows; of all variants
  // Of each variant by itself, by index of Experiment::variants; where there are any, run, power, shares,
  // regions, ranks and findings are those of the first.
  std::vector<Analysis> variants;
};

// Calls use(view, analysis, variant) with each variant as if it had been recorded alone (VariantViews); once,
// with the whole, where there are none.
template <class Use>
void for_each_variant(const Recording& recording, const Analysis& analysis, const Use& use) {
  VariantViews views(recording);
  for (std::size_t i = 0; i < views.size(); ++i)
    use(views.of(i), analysis.variants.empty() ? analysis : analysis.variants[i], i);
}

struct AnalysisOptions {
  bool bootstrap = false;               // its intervals, too: milliseconds for each measurand
  bool lines = false;                   // power over time, as a picture shows it
  std::size_t line_parts = kLineParts;  // of them, at most
  bool rows = true;                     // Analysis::summary
  bool findings = true;
  bool region_energy = false;   // RegionAnalysis::energy: a fit for each of up to eight channels
  bool region_metrics = false;  // RegionRow::metrics
};

Analysis analyze(const Recording& recording, const AnalysisOptions& options = {});

}  // namespace pw
