// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/summary.h"

#include "report/summary_parts.h"

namespace pw {

std::string summary(const Recording& recording, const PowerAnalysis& power, const TextStyle& style) {
  Page page(style, recording.experiment.items.has_value());
  add_head(page, recording);
  add_time(page, recording);
  add_counters(page, recording);
  add_parts(page, recording);
  add_metrics(page, recording);
  if (style.verbose) add_spread(page, recording);
  add_power(page, recording, power, style.verbose);
  add_captures(page, recording);
  add_failures(page, recording);
  add_not_measured(page, recording);
  add_warnings(page, recording);
  return page.text();
}

}  // namespace pw
