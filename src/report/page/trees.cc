// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics as trees: a whole and its parts.
#include "analyze/metrics/metric_tree.h"
#include "base/text.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

void write_tree_row(JsonWriter& json, const TreeRow& row) {
  const auto& value = row.metric.value;
  json.object("key", row.metric.key, "name", row.metric.name, "unit", row.metric.unit, "depth", row.depth,
              "mean", mean_of(value), "half_width", value ? value->half_width : std::nullopt, "band",
              row.metric.band, "of_parent", row.of_parent, "of_root", row.of_root, "remainder", row.remainder,
              "negative", row.negative(), "holding", row.holding, "user_only", row.metric.user_only);
}

void write_metric_trees(JsonWriter& json, const EvaluatedMetrics& metrics) {
  for (const std::vector<TreeRow>& rows : metrics.trees) {
    if (!rows.front().metric.value) continue;
    json.array([&] {
      for (const TreeRow& row : rows) write_tree_row(json, row);
    });
  }
}

}  // namespace

void write_trees(JsonWriter& json, const Recording& recording, const Analysis& analysis) {
  const auto metrics = analysis.run.trees.empty()
                           ? Result<EvaluatedMetrics>(EvaluatedMetrics{})
                           : evaluate_metrics(recording, join(analysis.run.trees, ","));
  json.member("trees", [&] {
    json.array([&] {
      if (metrics) write_metric_trees(json, *metrics);
    });
  });
}

}  // namespace pw
