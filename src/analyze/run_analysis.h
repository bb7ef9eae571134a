// SPDX-License-Identifier: GPL-3.0-or-later
// What a run measured but for its power.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyze/metrics/metrics.h"
#include "analyze/series/measurand.h"
#include "analyze/series/partition.h"
#include "analyze/series/series.h"
#include "model/recording.h"

namespace pw {

struct RunAnalysis {
  Measurand elapsed;  // s
  std::optional<double> items_per_second;
  std::vector<Measurand> usage;  // user and system (s), max-rss (B); none where not the command was counted
  std::vector<Measurand> given;  // by the hypervisor: given_quantities() that this machine has
  std::vector<Measurand> counters;  // by index of Recording::events
  std::vector<Metric> metrics;      // the default ones
  std::vector<std::string> trees;   // known_trees()
  std::vector<Captured> captures;   // by index of Experiment::captures
  std::vector<Measurand> captured;  // the same as numbers
  std::vector<int> unlike;          // unlike_tests()
  std::vector<Incomplete> incomplete;
  std::vector<std::string> odd, trends, state_changes;  // sentences
  std::vector<GivenWarning> given_warnings;
};

// `inputs`: of that recording. `bootstrap`: with the intervals that take 10,000 resamples of each measurand.
RunAnalysis analyze_run(const Recording& recording, const MetricInputs& inputs, bool bootstrap);

}  // namespace pw
