// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/analysis.h"

namespace pw {
namespace {

// By name: the first of a name counts. Captures are left out, for their names are the user's.
std::vector<const Measurand*> measurands_of(const RunAnalysis& run) {
  std::vector<const Measurand*> all = {&run.elapsed};
  for (const auto* list : {&run.usage, &run.counters})
    for (const Measurand& one : *list) all.push_back(&one);
  return all;
}

}  // namespace

Analysis analyze(const Recording& recording, const AnalysisOptions& options) {
  Analysis analysis;
  analysis.run = analyze_run(recording, options.bootstrap);
  analysis.power = analyze_power(recording, options.lines);
  analysis.findings = findings(recording, measurands_of(analysis.run));
  if (options.rows) analysis.summary = summary_rows(recording, analysis.run, analysis.power);
  return analysis;
}

}  // namespace pw
