// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics on a terminal: a line each, and trees.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyze/metrics/metric_tree.h"
#include "analyze/metrics/metrics.h"
#include "report/text/page.h"

namespace pw {

// "  IPC    1.59   ± 0.12 %  from scaled counts, ± 9.5 % by coverage".
std::string metric_line(const Metric& metric);

// Those without a value, a paragraph for each reason.
void add_unknown_metrics(Page& page, const std::vector<Metric>& metrics);

// A tree's table: value, share of the root and of the parent, 95 % interval, a bar. What does not fit a
// narrow terminal is left out from the right.
void add_tree(Page& page, const std::vector<TreeRow>& rows);

// What `show -M` prints.
std::string metrics_page(const EvaluatedMetrics& metrics, const TextStyle& style);

// `share` of `width` columns in eighths of one: "███▌". Nothing for a share below 0, full above 1.
std::string share_bar(double share, std::size_t width);

}  // namespace pw
