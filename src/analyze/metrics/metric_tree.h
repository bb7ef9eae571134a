// SPDX-License-Identifier: GPL-3.0-or-later
// Trees of metrics: a whole, its parts, and what the parts leave.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/metrics/metrics.h"
#include "base/result.h"
#include "facts/metrics.h"

namespace pw {

struct TreeRow {
  Metric metric;
  int depth = 0;
  std::optional<double> of_parent;  // shares, 0 to 1; of a negative remainder below 0
  std::optional<double> of_root;
  bool remainder = false;            // computed: the whole minus its parts
  std::vector<std::string> holding;  // of a remainder: the parts without value, which it contains
  // The parts exceed the whole: events that overlap, or passes that were not alike.
  bool negative() const { return remainder && metric.value && metric.value->mean < 0; }
};

// The row of `root` and, below each whole, its known parts and the remainder, which is never clamped and left
// out only where it is nothing. Parts without value are left out; `unknown` gets them.
std::vector<TreeRow> metric_tree(const MetricInputs& inputs, const MetricFact& root,
                                 std::vector<Metric>& unknown);

// What was chosen, evaluated.
struct EvaluatedMetrics {
  std::vector<Metric> single;
  std::vector<std::vector<TreeRow>> trees;
  std::vector<Metric> unknown;
};
// `list` is that of -M, for the CPU of the recording. Errors: those of choose_metrics().
Result<EvaluatedMetrics> evaluate_metrics(const Recording& recording, std::string_view list);

// The keys of the trees whose root and at least one part are known.
std::vector<std::string> known_trees(const MetricInputs& inputs);

}  // namespace pw
