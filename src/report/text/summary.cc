// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text/summary.h"

#include "report/text/summary_parts.h"

namespace pw {

std::string summary(const Recording& recording, const Analysis& analysis, const TextStyle& style) {
  const RunAnalysis& run = analysis.run;
  Page page(style, recording.experiment.items.has_value());
  add_verdict(page, recording, analysis);
  add_head(page, recording);
  add_time(page, run);
  add_given(page, recording, run);
  add_counters(page, recording, run);
  add_parts(page, recording);
  add_metrics(page, run, style.verbose);
  if (style.verbose) add_spread(page, run);
  add_power(page, recording, analysis.power, style.verbose);
  add_shares(page, recording, analysis);
  add_regions(page, analysis.regions);
  if (style.tests) add_tests(page, analysis);
  add_captures(page, run);
  add_failures(page, recording);
  add_not_measured(page, recording, run, style.verbose);
  add_warnings(page, recording, analysis);
  add_findings(page, analysis);
  return page.text();
}

}  // namespace pw
